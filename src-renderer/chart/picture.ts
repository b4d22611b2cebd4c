import { LineChart, type ChartLook } from './line-chart.ts';
import type { Plot } from './plot.ts';

const SCALE = 2;
const MARGIN = 16;
const HEADING = 26;

export interface PictureSize {
  /** CSS pixels; the file has twice as many each way. */
  readonly width: number;
  readonly height: number;
}

/** A chart as a PNG file, in the colours of the theme, with its title, its unit and the names of its lines. */
export async function pictureOf(
  title: string,
  unit: string,
  plot: Plot,
  look: ChartLook,
  { width, height }: PictureSize,
): Promise<Blob> {
  const inner = document.createElement('canvas');
  inner.width = width - 2 * MARGIN;
  inner.height = height - 2 * MARGIN - HEADING;
  const chart = new LineChart(inner, SCALE);
  try {
    chart.draw(plot, { ...look, directLabels: true });
    const picture = document.createElement('canvas');
    picture.width = width * SCALE;
    picture.height = height * SCALE;
    const context = picture.getContext('2d');
    if (context === null) throw new Error('This browser draws no pictures.');
    const color = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    context.scale(SCALE, SCALE);
    context.fillStyle = color('--surface');
    context.fillRect(0, 0, width, height);
    context.fillStyle = color('--text');
    context.font = '600 13px system-ui, sans-serif';
    context.textBaseline = 'middle';
    context.fillText(title, MARGIN, MARGIN + 8);
    const titleWidth = context.measureText(title).width;
    context.fillStyle = color('--text-faint');
    context.font = '13px system-ui, sans-serif';
    const only = plot.series.length === 1 ? plot.series[0]?.label : undefined;
    const rest = [unit, only === title ? undefined : only].filter((part) => part !== undefined && part !== '');
    context.fillText(rest.join(' · '), MARGIN + titleWidth + 8, MARGIN + 8);
    context.drawImage(inner, MARGIN, MARGIN + HEADING, width - 2 * MARGIN, height - 2 * MARGIN - HEADING);
    return await new Promise<Blob>((resolve, reject) => {
      picture.toBlob((blob) => {
        if (blob === null) reject(new Error('The picture could not be written.'));
        else resolve(blob);
      }, 'image/png');
    });
  } finally {
    chart.destroy();
  }
}
