import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { redrawn, resolvedColour } from '../../ui/colours.js';

export interface ChartSeries {
  readonly label: string;
  /** A custom property of the page. */
  readonly colour: string;
  readonly values: readonly (number | null)[];
}

interface ChartProps {
  /** For whoever does not see it; the figures stand in the table below. */
  readonly label: string;
  readonly kind: 'bars' | 'lines';
  readonly seconds: readonly number[];
  /** Bars are drawn from the last to the first: the higher ones behind. */
  readonly series: readonly ChartSeries[];
  readonly valueText: (value: number) => string;
}

const HEIGHT_PX = 220;

export function Chart({ label, kind, seconds, series, valueText }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = place;
    if (current === null) return;
    let plot: uPlot | undefined;
    const draw = () => {
      plot?.destroy();
      const width = current.clientWidth;
      const drawn = kind === 'bars' ? [...series].reverse() : series;
      const data: uPlot.AlignedData = [[...seconds], ...drawn.map(({ values }) => [...values])];
      plot = new uPlot(optionsFor({ kind, series: drawn, valueText, width, element: current }), data, current);
    };
    draw();
    const end = redrawn(current, draw);
    return () => {
      end();
      plot?.destroy();
    };
  }, [kind, seconds, series, valueText]);
  return (
    <figure>
      <div ref={place} role="img" aria-label={label} className="min-h-55 overflow-hidden" />
      <figcaption className="flex flex-wrap gap-x-4 gap-y-1 text-xs">
        {series.map((one) => (
          <span key={one.label} className="flex items-center gap-1.5">
            <span aria-hidden="true" className="size-2.5 rounded-xs" style={{ background: `var(${one.colour})` }} />
            {one.label}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

interface OptionsWanted extends Pick<ChartProps, 'kind' | 'series' | 'valueText'> {
  readonly width: number;
  readonly element: HTMLElement;
}

function optionsFor({ kind, series, valueText, width, element }: OptionsWanted): uPlot.Options {
  const [text, line] = [resolvedColour(element, '--muted'), resolvedColour(element, '--line')];
  const axis = { stroke: text, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
  return {
    ...{ width, height: HEIGHT_PX, legend: { show: false }, cursor: { show: false } },
    scales: { y: { range: (_plot, _min, max) => [0, Math.max(1, (max ?? 0) * 1.1)] } },
    axes: [axis, { ...axis, size: 64, values: (_plot, splits) => splits.map(valueText) }],
    series: [
      {},
      ...series.map(({ label, colour }): uPlot.Series => {
        const stroke = resolvedColour(element, colour);
        if (kind === 'lines') return { label, stroke, width: 2, spanGaps: false };
        const paths = uPlot.paths.bars?.({ size: [0.7, 40] });
        return { label, stroke, fill: stroke, points: { show: false }, ...(paths !== undefined && { paths }) };
      }),
    ],
  };
}
