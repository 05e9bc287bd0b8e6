import type { TranscriptTurn } from '@rapida/client';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useMemo } from 'react';
import { useScrollMargin } from '../../ui/scroll-margin.js';
import type { Player } from './player.js';
import { TurnRow } from './turn-row.js';
import { spanMs, type Waterfall, waterfallAt } from './waterfall.js';

/** Until a turn was measured: one line of text with its waterfall. */
const ROW_PX = 84;
/** Turns beyond what is seen. An ordinary call is in the page as a whole, so that the browser's own search finds its words. */
const OVERSCAN = 40;

interface TranscriptProps {
  readonly turns: readonly TranscriptTurn[];
  /** Undefined: there is no sound. */
  readonly player: Player | undefined;
}

/** All turns in order; of a call with thousands only those near what is seen are in the page. */
export function Transcript({ turns, player }: TranscriptProps) {
  const waterfalls = useMemo(() => turns.map((_, index) => waterfallAt(turns, index)), [turns]);
  const span = useMemo(() => spanMs(waterfalls.filter((one): one is Waterfall => one !== undefined)), [waterfalls]);
  const { list, scrollMargin } = useScrollMargin<HTMLOListElement>();
  const virtualizer = useWindowVirtualizer({
    ...{ count: turns.length, overscan: OVERSCAN, scrollMargin },
    estimateSize: () => ROW_PX,
  });
  const rows = virtualizer.getVirtualItems();
  const at = player?.positionMs;
  return (
    <ol
      ref={list}
      aria-label="Transcript"
      style={{
        paddingTop: (rows[0]?.start ?? scrollMargin) - scrollMargin,
        paddingBottom: virtualizer.getTotalSize() + scrollMargin - (rows.at(-1)?.end ?? scrollMargin),
      }}
    >
      {rows.map(({ index }) => {
        const turn = turns[index] as TranscriptTurn;
        return (
          <TurnRow
            key={index}
            measure={virtualizer.measureElement}
            index={index}
            count={turns.length}
            turn={turn}
            waterfall={waterfalls[index]}
            spanMs={span}
            positionMs={at !== undefined && at >= turn.startMs && at < turn.endMs ? at : undefined}
            onHear={player?.hear}
          />
        );
      })}
    </ol>
  );
}
