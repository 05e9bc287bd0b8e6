import type { Waveform as WaveformData } from '@rapida/client';
import { type PointerEvent, useEffect, useRef } from 'react';
import { useWaveform } from '../../data/calls.js';
import { redrawn, resolvedColour } from '../../ui/colours.js';
import { Loading } from '../../ui/states.js';
import type { Player } from './player.js';
import { drawWaveform } from './waveform-drawing.js';

interface WaveformProps {
  readonly callId: string;
  readonly player: Player;
}

/** The picture of the sound: caller above, assistant below. A click hears from there; the keyboard has the player's own controls. */
export default function Waveform({ callId, player }: WaveformProps) {
  const waveform = useWaveform(callId, true);
  // Without a picture there is still the sound.
  if (waveform.data === undefined) return waveform.error === null ? <Loading what="the waveform" /> : null;
  return <Picture waveform={waveform.data} player={player} />;
}

function Picture({ waveform, player }: { readonly waveform: WaveformData; readonly player: Player }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const { current } = canvas;
    if (current === null) return;
    const draw = () => {
      const [caller, assistant, middle] = ['--caller', '--accent', '--line-strong'].map((name) =>
        resolvedColour(current, name),
      ) as [string, string, string];
      drawWaveform(current, waveform, { caller, assistant, middle }, devicePixelRatio);
    };
    draw();
    return redrawn(current, draw);
  }, [waveform]);
  const hear = ({ clientX, currentTarget }: PointerEvent<HTMLElement>) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    player.hear(((clientX - left) / width) * waveform.durationMs);
  };
  const percent = Math.min(100, (player.positionMs / Math.max(1, waveform.durationMs)) * 100);
  return (
    <div aria-hidden="true" className="relative mb-2 h-24 cursor-pointer rounded bg-sunken" onPointerDown={hear}>
      <canvas ref={canvas} className="block size-full" />
      <div className="absolute inset-y-0 w-px bg-text" style={{ left: `${percent}%` }} />
      <span className="absolute top-0.5 left-1 text-xs text-caller">caller</span>
      <span className="absolute bottom-0.5 left-1 text-xs text-accent">assistant</span>
    </div>
  );
}
