/**
 * A series' label without the words that its chart's title says already: "Teacher input loss" below "Teacher loss" is
 * "input". What has nothing left is what the chart is about: the training itself.
 */
export function shortLabel(label: string, title: string): string {
  const said = new Set(title.toLowerCase().split(' '));
  const rest = label
    .toLowerCase()
    .split(' ')
    .filter((word) => !said.has(word));
  return rest.length === 0 ? 'training' : rest.join(' ');
}
