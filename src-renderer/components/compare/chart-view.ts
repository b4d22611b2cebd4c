import { SMOOTHINGS, STANDARD_SMOOTHING } from '../../chart/smooth.ts';
import { X_AXES, type XAxisName } from '../../chart/x-axis.ts';
import { Y_SCALES, type YScaleName } from '../../chart/y-scale.ts';

/** How the charts of Compare are looked at; all of it is in the address. */
export interface ChartView {
  /** Undefined where none was chosen yet. */
  readonly metrics: readonly string[] | undefined;
  readonly xAxis: XAxisName;
  readonly yScale: YScaleName;
  /** Index into SMOOTHINGS. */
  readonly smoothing: number;
  readonly isSplit: boolean;
  readonly zoom: readonly [number, number] | undefined;
}

const STANDARD = SMOOTHINGS.findIndex((one) => one === STANDARD_SMOOTHING);
/** In the address where every metric was taken away: nothing chosen is not the same as nothing wanted. */
const NO_METRIC = '-';

export function readChartView(query: ReadonlyMap<string, string>): ChartView {
  const metrics = query.get('metrics');
  const smoothing = Number(query.get('smooth') ?? STANDARD);
  const [from = Number.NaN, to = Number.NaN] = (query.get('zoom') ?? '').split(',').map(Number.parseFloat);
  return {
    metrics: metrics === undefined ? undefined : metrics === NO_METRIC ? [] : metrics.split(','),
    xAxis: X_AXES.find((name) => name === query.get('x')) ?? 'step',
    yScale: Y_SCALES.find((name) => name === query.get('y')) ?? 'linear',
    smoothing: Number.isInteger(smoothing) && smoothing in SMOOTHINGS ? smoothing : STANDARD,
    isSplit: query.get('split') === '1',
    zoom: to > from ? [from, to] : undefined,
  };
}

/** The same for the address; what is as it stands anyway is left out. */
export function writeChartView(view: ChartView): Record<string, string> {
  const { metrics, xAxis, yScale, smoothing, isSplit, zoom } = view;
  return {
    metrics: metrics === undefined ? '' : metrics.length === 0 ? NO_METRIC : metrics.join(','),
    x: xAxis === 'step' ? '' : xAxis,
    y: yScale === 'linear' ? '' : yScale,
    smooth: smoothing === STANDARD ? '' : String(smoothing),
    split: isSplit ? '1' : '',
    zoom: zoom === undefined ? '' : zoom.map((x) => Number(x.toPrecision(6))).join(','),
  };
}
