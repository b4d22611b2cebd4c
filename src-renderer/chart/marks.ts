import type { PlotPoint, PlotSeries, ReferenceLine } from './plot.ts';
import { spreadLabels } from './spread-labels.ts';

/** What a chart lends to those who draw on it: places in CSS pixels, colours by custom property. */
export interface Drawing {
  readonly ctx: CanvasRenderingContext2D;
  readonly area: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
  readonly font: string;
  readonly color: (name: string) => string;
  readonly x: (x: number) => number;
  /** NaN where the axis has no place for the value. */
  readonly y: (y: number) => number;
}

const LABEL_HEIGHT = 14;
const WIDEST_LABEL = 140;
const SAMPLE = 14;

/** The band between least and greatest value of each bucket: a spike of one step stays visible, however much is shown. */
export function drawEnvelopes({ ctx, area, color, x, y }: Drawing, series: readonly PlotSeries[]): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(area.left, area.top, area.right - area.left, area.bottom - area.top);
  ctx.clip();
  ctx.lineWidth = 1;
  for (const one of series) {
    if (one.envelope.length === 0) continue;
    ctx.beginPath();
    let [lastX, lastLow, lastHigh] = [Number.NaN, Number.NaN, Number.NaN];
    for (const spread of one.envelope) {
      const at = x(spread.x);
      // A log axis has no place for what is not above 0: the band then reaches its lower edge.
      const placed = y(spread.low);
      const [low, high] = [Number.isFinite(placed) ? placed : area.bottom, y(spread.high)];
      if (Number.isFinite(lastHigh) && Number.isFinite(high)) {
        ctx.moveTo(lastX, lastLow);
        ctx.lineTo(lastX, lastHigh);
        ctx.lineTo(at, high);
        ctx.lineTo(at, low);
        ctx.closePath();
      }
      [lastX, lastLow, lastHigh] = [at, low, high];
    }
    ctx.fillStyle = `${color(one.color)}24`;
    ctx.fill();
    ctx.beginPath();
    for (const spread of one.envelope) {
      const placed = y(spread.low);
      const [at, low, high] = [x(spread.x), Number.isFinite(placed) ? placed : area.bottom, y(spread.high)];
      if (!Number.isFinite(high)) continue;
      ctx.moveTo(at, low);
      ctx.lineTo(at, high);
    }
    ctx.strokeStyle = `${color(one.color)}38`;
    ctx.stroke();
  }
  ctx.restore();
}

/** A small cross on the upper edge for every bucket that holds NaN or an infinity. */
export function drawNonFinite({ ctx, area, color, x }: Drawing, series: readonly PlotSeries[]): void {
  ctx.save();
  ctx.strokeStyle = color('--bad');
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  for (const { x: value } of series.flatMap(({ nonFinite }) => nonFinite)) {
    const at = x(value);
    if (!(at >= area.left && at <= area.right)) continue;
    const top = area.top - 3;
    ctx.moveTo(at - 3, top - 3);
    ctx.lineTo(at + 3, top + 3);
    ctx.moveTo(at + 3, top - 3);
    ctx.lineTo(at - 3, top + 3);
  }
  ctx.stroke();
  ctx.restore();
}

/** Values to compare with: a dotted line over the whole width, named at its left end. */
export function drawReferences({ ctx, area, font, color, y }: Drawing, references: readonly ReferenceLine[]): void {
  ctx.save();
  ctx.strokeStyle = color('--text-faint');
  ctx.fillStyle = color('--text-soft');
  ctx.font = `11px ${font}`;
  ctx.lineWidth = 1;
  ctx.setLineDash([1, 3]);
  for (const { y: value, label } of references) {
    const at = Math.round(y(value)) + 0.5;
    if (!(at >= area.top && at <= area.bottom)) continue;
    ctx.beginPath();
    ctx.moveTo(area.left, at);
    ctx.lineTo(area.right, at);
    ctx.stroke();
    ctx.fillText(label, area.left + 6, at - 4);
  }
  ctx.restore();
}

/** Room that the names of the lines need beside them, CSS pixels. */
export function directLabelWidth(ctx: CanvasRenderingContext2D, series: readonly PlotSeries[], font: string): number {
  ctx.save();
  ctx.font = `11px ${font}`;
  const widest = Math.max(0, ...series.map(({ label }) => ctx.measureText(label).width));
  ctx.restore();
  return series.length === 0 ? 0 : Math.min(WIDEST_LABEL, Math.ceil(widest)) + SAMPLE + 8;
}

/** Names each line at its right end. Left out where they don't fit below each other. */
export function drawDirectLabels({ ctx, area, font, color, x, y }: Drawing, series: readonly PlotSeries[]): void {
  const ends = series.flatMap((one) => {
    const last = lastWithin(one.smoothed.length > 0 ? one.smoothed : one.raw, (value) => x(value) <= area.right + 1);
    const place = last === undefined ? Number.NaN : y(last.y);
    return Number.isFinite(place) ? [{ one, place: Math.min(area.bottom, Math.max(area.top, place)) }] : [];
  });
  const places = spreadLabels(
    ends.map(({ place }) => place),
    LABEL_HEIGHT,
    area.top,
    area.bottom,
  );
  if (places === undefined) return;
  ctx.save();
  ctx.font = `11px ${font}`;
  ctx.textBaseline = 'middle';
  ends.forEach(({ one }, index) => {
    const at = places[index] ?? 0;
    const left = area.right + 6;
    ctx.strokeStyle = color(one.color);
    ctx.lineWidth = 1.5;
    ctx.setLineDash([...one.dash]);
    ctx.beginPath();
    ctx.moveTo(left, at);
    ctx.lineTo(left + SAMPLE, at);
    ctx.stroke();
    ctx.fillStyle = color('--text-soft');
    ctx.fillText(shortened(ctx, one.label), left + SAMPLE + 4, at);
  });
  ctx.restore();
}

function shortened(ctx: CanvasRenderingContext2D, label: string): string {
  if (ctx.measureText(label).width <= WIDEST_LABEL) return label;
  let length = label.length - 1;
  while (length > 1 && ctx.measureText(`${label.slice(0, length)}…`).width > WIDEST_LABEL) length -= 1;
  return `${label.slice(0, length)}…`;
}

function lastWithin(points: readonly PlotPoint[], isWithin: (x: number) => boolean): PlotPoint | undefined {
  return points.findLast(({ x, y }) => Number.isFinite(y) && isWithin(x));
}
