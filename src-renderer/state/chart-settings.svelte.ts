import { SMOOTHINGS, STANDARD_SMOOTHING, type Smoothing } from '../chart/smooth.ts';
import { X_AXES, type XAxisName } from '../chart/x-axis.ts';
import { Y_SCALES, type YScaleName } from '../chart/y-scale.ts';
import type { Route } from './route.svelte.ts';
import type { StepRange } from './run-series.svelte.ts';

/**
 * How the charts of a page are drawn, as the address has it (`x=time&y=log&smooth=5&from=100&to=900`): it survives a
 * reload, can be sent to somebody, and the standard leaves the address short.
 */
export class ChartSettings {
  readonly #route: Route;

  constructor(route: Route) {
    this.#route = route;
  }

  get xAxis(): XAxisName {
    return X_AXES.find((name) => name === this.#route.query.get('x')) ?? 'step';
  }

  get yScale(): YScaleName {
    return Y_SCALES.find((name) => name === this.#route.query.get('y')) ?? 'linear';
  }

  get smoothing(): Smoothing {
    return SMOOTHINGS[this.smoothingIndex] ?? STANDARD_SMOOTHING;
  }

  /** Place of the smoothing among `SMOOTHINGS`. */
  get smoothingIndex(): number {
    const index = Number(this.#route.query.get('smooth') ?? Number.NaN);
    return SMOOTHINGS[index] === undefined ? SMOOTHINGS.indexOf(STANDARD_SMOOTHING) : index;
  }

  /** Steps zoomed into; undefined where all are shown. */
  get zoom(): StepRange | undefined {
    const [from, to] = ['from', 'to'].map((key) => Number(this.#route.query.get(key) ?? Number.NaN));
    const isRange =
      Number.isSafeInteger(from) && Number.isSafeInteger(to) && (from ?? -1) >= 0 && (to ?? 0) > (from ?? 0);
    return isRange && from !== undefined && to !== undefined ? { from, to } : undefined;
  }

  setXAxis(name: XAxisName): void {
    this.#route.setQuery({ x: name === 'step' ? '' : name });
  }

  setYScale(name: YScaleName): void {
    this.#route.setQuery({ y: name === 'linear' ? '' : name });
  }

  setSmoothing(index: number): void {
    this.#route.setQuery({ smooth: SMOOTHINGS[index] === STANDARD_SMOOTHING ? '' : String(index) });
  }

  /** @param range steps, rounded outwards; undefined shows all again */
  setZoom(range: { readonly from: number; readonly to: number } | undefined): void {
    if (range === undefined) {
      this.#route.setQuery({ from: '', to: '' });
      return;
    }
    const from = Math.max(0, Math.floor(range.from));
    this.#route.setQuery({ from: String(from), to: String(Math.max(from + 2, Math.ceil(range.to) + 1)) });
  }
}
