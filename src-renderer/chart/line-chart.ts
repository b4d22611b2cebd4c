import { Chart, LinearScale, LineController, LineElement, PointElement, type ChartDataset } from 'chart.js';
import { extentOfY } from './extent.ts';
import {
  drawDirectLabels,
  directLabelWidth,
  drawEnvelopes,
  drawNonFinite,
  drawReferences,
  type Drawing,
} from './marks.ts';
import type { Plot, PlotPoint, PlotSeries } from './plot.ts';
import { formatXTick, xTicks, type AnyXAxis } from './x-axis.ts';
import { yScaleOf, type YScale, type YScaleName } from './y-scale.ts';

const Y_AXIS_WIDTH = 52;
const FONT = 'system-ui, sans-serif';
const PIXELS_PER_X_TICK = 84;
const PIXELS_PER_Y_TICK = 34;
/** Below this width a label beside the line costs more room than it is worth. */
const NARROWEST_LABELED = 480;
const MOST_LABELED = 8;

Chart.register(LineController, LineElement, PointElement, LinearScale);

/** How a plot is drawn. */
export interface ChartLook {
  readonly yScale: YScaleName;
  readonly xAxis: AnyXAxis;
  /** Whether lines are named at their right end where there is room. */
  readonly directLabels: boolean;
}

/** Where the axes lie within the canvas, CSS pixels. */
export interface ChartArea {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface Drawn {
  readonly plot: Plot;
  readonly look: ChartLook;
  readonly y: YScale;
}

const EMPTY: Drawn = {
  plot: { series: [], rangeOfX: undefined },
  look: { yScale: 'linear', xAxis: 'step', directLabels: false },
  y: yScaleOf('linear', undefined),
};

/** A Chart.js line chart, reduced to what the page needs of it. Draws only when told to. */
export class LineChart {
  readonly #canvas: HTMLCanvasElement;
  readonly #chart: Chart<'line', PlotPoint[]>;
  #drawn: Drawn = EMPTY;
  #labelWidth = 0;
  /** Of the theme, by custom property, since the last `draw`: asking the page for a style makes it lay out. */
  readonly #colors = new Map<string, string>();

  /** @param pixelRatio of the picture; the screen's own, following its size, where left out */
  constructor(canvas: HTMLCanvasElement, pixelRatio?: number) {
    this.#canvas = canvas;
    this.#chart = new Chart<'line', PlotPoint[]>(canvas, {
      type: 'line',
      data: { datasets: [] },
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        maintainAspectRatio: false,
        responsive: pixelRatio === undefined,
        ...(pixelRatio === undefined ? {} : { devicePixelRatio: pixelRatio }),
        events: [],
        layout: { padding: ({ chart }) => ({ top: 8, right: 8 + this.#roomForLabels(chart.width) }) },
        scales: {
          x: {
            type: 'linear',
            afterBuildTicks: (scale) => {
              const most = Math.max(2, Math.floor((scale.chart.width - Y_AXIS_WIDTH) / PIXELS_PER_X_TICK));
              const values = xTicks(this.#drawn.look.xAxis, scale.min, scale.max, most);
              scale.ticks = values.map((value) => ({ value }));
            },
            ticks: {
              maxRotation: 0,
              autoSkip: false,
              callback: (x) => formatXTick(this.#drawn.look.xAxis, Number(x)),
            },
          },
          y: {
            type: 'linear',
            afterFit: (scale) => {
              // The same for all charts, so that their x axes stand below each other.
              scale.width = Y_AXIS_WIDTH;
            },
            afterBuildTicks: (scale) => {
              const most = Math.max(2, Math.floor(scale.chart.height / PIXELS_PER_Y_TICK));
              scale.ticks = this.#drawn.y.ticks(most).map(({ at, label }) => ({ value: at, label }));
            },
            ticks: { autoSkip: false, callback: (_, index, ticks) => ticks[index]?.label ?? '' },
          },
        },
      },
      plugins: [
        {
          id: 'below',
          beforeDatasetsDraw: (chart) => {
            const context = this.#drawing(chart);
            drawReferences(context, this.#drawn.plot.references ?? []);
            drawEnvelopes(context, this.#drawn.plot.series);
          },
        },
        {
          id: 'above',
          afterDraw: (chart) => {
            const context = this.#drawing(chart);
            drawNonFinite(context, this.#drawn.plot.series);
            if (this.#labelWidth > 0) drawDirectLabels(context, this.#drawn.plot.series);
          },
        },
      ],
    });
  }

  draw(plot: Plot, look: ChartLook): void {
    const y = yScaleOf(look.yScale, extentOfY(plot.series, plot.rangeOfX), plot.rangeOfY);
    this.#drawn = { plot, look, y };
    this.#colors.clear();
    const [minX, maxX] = plot.rangeOfX ?? [0, 1];
    this.#paintAxis('x', minX, maxX > minX ? maxX : minX + 1);
    this.#paintAxis('y', y.min, y.max);
    this.#labelWidth = look.directLabels ? directLabelWidth(this.#chart.ctx, plot.series, FONT) : 0;
    this.#chart.data.datasets = plot.series.flatMap((series) => this.#datasets(series, y));
    this.#chart.update('none');
  }

  /** Undefined before the first drawing. */
  get area(): ChartArea | undefined {
    const area = this.#chart.chartArea as ChartArea | undefined;
    return area === undefined ? undefined : { left: area.left, right: area.right, top: area.top, bottom: area.bottom };
  }

  /** The x at a horizontal place within the canvas, clamped to the axis; undefined outside of it. */
  xAt(offset: number, isClamped = false): number | undefined {
    const scale = this.#chart.scales['x'];
    const x = scale?.getValueForPixel(offset);
    if (scale === undefined || x === undefined) return undefined;
    if (isClamped) return Math.min(scale.max, Math.max(scale.min, x));
    return x < scale.min || x > scale.max ? undefined : x;
  }

  /** Where an x lies within the canvas; undefined outside the axes. */
  placeOfX(x: number): number | undefined {
    const scale = this.#chart.scales['x'];
    return scale === undefined || x < scale.min || x > scale.max ? undefined : scale.getPixelForValue(x);
  }

  /** Where a value lies within the canvas; undefined where it has no place. */
  placeOfY(y: number): number | undefined {
    const at = this.#drawn.y.forward(y);
    return Number.isFinite(at) ? this.#chart.scales['y']?.getPixelForValue(at) : undefined;
  }

  destroy(): void {
    this.#chart.destroy();
  }

  #roomForLabels(width: number): number {
    const { series } = this.#drawn.plot;
    const fits = width >= NARROWEST_LABELED && series.length >= 2 && series.length <= MOST_LABELED;
    if (!fits) this.#labelWidth = 0;
    return this.#labelWidth;
  }

  /** What drawing needs of the chart, which draws for the first time while it is being made. */
  #drawing({ ctx, chartArea, scales }: Chart): Drawing {
    return {
      ctx,
      area: chartArea,
      font: FONT,
      color: (name) => this.#color(name),
      x: (x) => scales['x']?.getPixelForValue(x) ?? Number.NaN,
      y: (y) => scales['y']?.getPixelForValue(this.#drawn.y.forward(y)) ?? Number.NaN,
    };
  }

  #paintAxis(axis: 'x' | 'y', min: number, max: number): void {
    const scale = this.#chart.options.scales?.[axis];
    if (scale === undefined) return;
    Object.assign(scale, {
      min,
      max,
      grid: { color: this.#color('--line'), drawTicks: false, tickBorderDash: [] },
      border: { color: this.#color('--line-strong') },
    });
    Object.assign(scale.ticks ?? {}, {
      color: this.#color('--text-faint'),
      font: { size: 11, family: FONT },
      padding: 6,
    });
  }

  #datasets(series: PlotSeries, y: YScale): ChartDataset<'line', PlotPoint[]>[] {
    const color = this.#color(series.color);
    const isFaint = series.smoothed.length > 0;
    const placed = (points: readonly PlotPoint[]): PlotPoint[] =>
      points.map((point) => ({ x: point.x, y: y.forward(point.y) }));
    const raw = placed(series.raw);
    const line = {
      // Marks on the edge of the axes are drawn whole; lines end there.
      clip: series.style === 'marks' ? 8 : 0,
      borderColor: color,
      backgroundColor: color,
      borderDash: [...series.dash],
      pointHitRadius: 0,
      tension: 0,
    };
    const measured: ChartDataset<'line', PlotPoint[]> = {
      ...line,
      data: raw,
      borderColor: isFaint ? `${color}58` : color,
      borderWidth: isFaint ? 1 : 1.25,
      pointBorderWidth: 0,
      pointRadius: series.style === 'marks' ? 2.5 : lonely(raw),
    };
    if (!isFaint) return [measured];
    return [
      { ...measured, borderDash: [] },
      { ...line, data: placed(series.smoothed), borderWidth: 1.5, pointRadius: 0 },
    ];
  }

  #color(name: string): string {
    const known = this.#colors.get(name);
    if (known !== undefined) return known;
    // A canvas that is only drawn to, for a picture, is in no document and inherits nothing.
    const element = this.#canvas.isConnected ? this.#canvas : document.documentElement;
    const color = getComputedStyle(element).getPropertyValue(name).trim();
    this.#colors.set(name, color);
    return color;
  }
}

/** Radius of each point: a point without a neighbour is no line, so it shows as a dot. */
function lonely(points: readonly PlotPoint[]): number | number[] {
  const isThere = (index: number): boolean => Number.isFinite(points[index]?.y ?? Number.NaN);
  const radii = points.map((_, index) => (isThere(index) && !isThere(index - 1) && !isThere(index + 1) ? 1.5 : 0));
  return radii.some((radius) => radius > 0) ? radii : 0;
}
