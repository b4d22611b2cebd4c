import {
  Chart,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  type ChartDataset,
  type Plugin,
} from 'chart.js';
import { formatCount, formatValue } from '../format/number.ts';
import type { PlotPoint, PlotSeries } from './plot.ts';

const Y_AXIS_WIDTH = 52;

Chart.register(LineController, LineElement, PointElement, LinearScale);

/** What is drawn; colours are names of CSS custom properties. */
export interface Plot {
  readonly series: readonly PlotSeries[];
  /** Range of the x axis, shared by the charts of a page; undefined while nothing is there. */
  readonly rangeOfX: readonly [number, number] | undefined;
  /** Fixed range of the y axis where the quantity has one. */
  readonly rangeOfY?: readonly [number, number];
}

/** A Chart.js line chart, reduced to what the page needs of it. Draws only when told to. */
export class LineChart {
  readonly #canvas: HTMLCanvasElement;
  readonly #chart: Chart<'line', PlotPoint[]>;
  #plot: Plot = { series: [], rangeOfX: undefined };
  #cursorX: number | undefined;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#chart = new Chart<'line', PlotPoint[]>(canvas, {
      type: 'line',
      data: { datasets: [] },
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { top: 8, right: 8 } },
        scales: {
          x: {
            type: 'linear',
            ticks: { maxRotation: 0, maxTicksLimit: 7, includeBounds: false, callback: (x) => formatCount(Number(x)) },
          },
          y: {
            afterFit: (scale) => {
              // The same for all charts, so that their x axes stand below each other.
              scale.width = Y_AXIS_WIDTH;
            },
            type: 'linear',
            ticks: { maxTicksLimit: 6, callback: (y) => formatTick(Number(y)) },
          },
        },
      },
      plugins: [this.#cursorPlugin(), this.#nonFinitePlugin()],
    });
  }

  draw(plot: Plot): void {
    this.#plot = plot;
    const [minX, maxX] = plot.rangeOfX ?? [0, 1];
    const scales = this.#chart.options.scales;
    const grid = { color: this.#color('--line'), drawTicks: false, tickBorderDash: [] };
    const ticks = {
      color: this.#color('--text-faint'),
      font: { size: 11, family: 'system-ui, sans-serif' },
      padding: 6,
    };
    for (const axis of ['x', 'y'] as const) {
      const scale = scales?.[axis];
      if (scale === undefined) continue;
      Object.assign(scale, { grid, border: { color: this.#color('--line-strong') } });
      Object.assign(scale.ticks ?? {}, ticks);
    }
    Object.assign(scales?.['x'] ?? {}, { min: minX, max: Math.max(maxX, minX + 1) });
    if (plot.rangeOfY !== undefined)
      Object.assign(scales?.['y'] ?? {}, { min: plot.rangeOfY[0], max: plot.rangeOfY[1] });
    this.#chart.data.datasets = plot.series.flatMap((series) => this.#datasets(series));
    this.#chart.update('none');
  }

  /** Shows where the pointer is, on this and on every other chart of the page; undefined hides it. */
  showCursor(x: number | undefined): void {
    if (x === this.#cursorX) return;
    this.#cursorX = x;
    this.#chart.draw();
  }

  /** The x under a horizontal place in the window; undefined outside the axes. */
  xAt(clientX: number): number | undefined {
    const scale = this.#chart.scales['x'];
    const x = scale?.getValueForPixel(clientX - this.#canvas.getBoundingClientRect().left);
    if (scale === undefined || x === undefined || x < scale.min || x > scale.max) return undefined;
    return x;
  }

  destroy(): void {
    this.#chart.destroy();
  }

  #datasets(series: PlotSeries): ChartDataset<'line', PlotPoint[]>[] {
    const color = this.#color(series.color);
    const isMarks = series.style === 'marks';
    const isFaint = series.smoothed.length > 0;
    // Marks on the edge of the axes are drawn whole.
    const line = { clip: 8, borderColor: color, backgroundColor: color, pointHitRadius: 0, tension: 0 };
    const raw: ChartDataset<'line', PlotPoint[]> = {
      ...line,
      data: [...series.raw],
      borderColor: isFaint ? `${color}48` : color,
      borderWidth: 1,
      // A first point alone is no line; it shows as a dot.
      pointRadius: isMarks ? 2.5 : series.raw.length === 1 ? 2 : 0,
    };
    if (!isFaint) return [raw];
    return [raw, { ...line, data: [...series.smoothed], borderWidth: 1.5, pointRadius: 0 }];
  }

  #color(name: string): string {
    return getComputedStyle(this.#canvas).getPropertyValue(name).trim();
  }

  #cursorPlugin(): Plugin<'line'> {
    return {
      id: 'cursor',
      afterDraw: ({ ctx, chartArea, scales }) => {
        const x = this.#cursorX === undefined ? undefined : scales['x']?.getPixelForValue(this.#cursorX);
        if (x === undefined || x < chartArea.left || x > chartArea.right) return;
        ctx.save();
        ctx.strokeStyle = this.#color('--text-faint');
        ctx.lineWidth = 1;
        ctx.beginPath();
        ctx.moveTo(Math.round(x) + 0.5, chartArea.top);
        ctx.lineTo(Math.round(x) + 0.5, chartArea.bottom);
        ctx.stroke();
        ctx.restore();
      },
    };
  }

  /** A small cross on the upper edge for every bucket that holds NaN or an infinity. */
  #nonFinitePlugin(): Plugin<'line'> {
    return {
      id: 'non-finite',
      afterDraw: ({ ctx, chartArea, scales }) => {
        ctx.save();
        ctx.strokeStyle = this.#color('--bad');
        ctx.lineWidth = 1.5;
        ctx.beginPath();
        for (const { x } of this.#plot.series.flatMap(({ nonFinite }) => nonFinite)) {
          const at = scales['x']?.getPixelForValue(x);
          if (at === undefined) continue;
          const top = chartArea.top - 3;
          ctx.moveTo(at - 3, top - 3);
          ctx.lineTo(at + 3, top + 3);
          ctx.moveTo(at + 3, top - 3);
          ctx.lineTo(at - 3, top + 3);
        }
        ctx.stroke();
        ctx.restore();
      },
    };
  }
}

function formatTick(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 10_000 || size < 1e-4) return formatValue(value, 2);
  return value
    .toFixed(Math.max(0, 4 - Math.floor(Math.log10(size))))
    .replace('-', '\u2212')
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}
