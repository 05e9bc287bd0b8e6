import type { Waveform } from '@rapida/client';

export interface Column {
  readonly caller: number;
  readonly assistant: number;
}

/** Loudness 0 to 1 of each column of pixels: the loudest of what falls into it, so that nothing short is lost. */
export function columnsOf({ caller, assistant }: Pick<Waveform, 'caller' | 'assistant'>, columns: number): Column[] {
  const points = Math.max(caller.length, assistant.length);
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * points) / columns);
    const to = Math.max(from + 1, Math.floor(((column + 1) * points) / columns));
    return { caller: loudest(caller, from, to), assistant: loudest(assistant, from, to) };
  });
}

function loudest(levels: readonly number[], from: number, to: number): number {
  let max = 0;
  for (let index = from; index < to; index++) max = Math.max(max, levels[index] ?? 0);
  return Math.min(1, max / 100);
}

export interface Colours {
  readonly caller: string;
  readonly assistant: string;
  readonly middle: string;
}

/** The caller above the middle line, the assistant below it. */
export function drawWaveform(canvas: HTMLCanvasElement, waveform: Waveform, colours: Colours, ratio: number): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
  canvas.width = width;
  canvas.height = height;
  const middle = height / 2;
  columnsOf(waveform, width).forEach(({ caller, assistant }, x) => {
    context.fillStyle = colours.caller;
    context.fillRect(x, middle - caller * (middle - 1), 1, caller * (middle - 1));
    context.fillStyle = colours.assistant;
    context.fillRect(x, middle, 1, assistant * (middle - 1));
  });
  context.fillStyle = colours.middle;
  context.fillRect(0, Math.floor(middle), width, 1);
}
