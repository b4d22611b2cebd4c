import { fieldDocumentation } from '../../../src-shared/config/field-documentation.ts';
import type { ObjectiveName, RunConfig } from '../../../src-shared/config/run-config.ts';
import type { ExportRequest, ExportResult } from '../../../src-shared/ipc/interchange-protocol.ts';
import { kindLabel } from '../../../src-shared/run/checkpoint-kind.ts';
import { metricFacts } from '../../../src-shared/run/metric-catalogue.ts';
import { runLength } from '../train/train-state.ts';
import type { CheckpointHeader } from '../train/checkpoint-header.ts';
import { hasSoftEmbedding } from './reference-tensors.ts';

/** What the card is written from. */
export interface CardFacts {
  readonly run: ExportRequest['run'];
  readonly header: CheckpointHeader;
  readonly exportedAtMs: number;
  readonly studentSize: number;
  /** Null without a teacher. */
  readonly teacherSize: number | null;
  /** All files but the card and the sums. */
  readonly files: ExportResult['files'];
}

const TRAINED_BY: Readonly<Record<ObjectiveName, string>> = {
  mlm: 'masked language modeling',
  hard: 'a teacher that writes pretraining examples as hard labels',
  soft: 'a teacher that writes pretraining examples as soft labels',
  finetune: 'fine-tuning on labeled examples',
};

const SECTIONS = [
  ['model', 'Model'],
  ['data', 'Data'],
  ['training', 'Training'],
  ['optimizer', 'Optimizer'],
  ['meta', 'Meta-learning'],
] as const;

/** The README.md of an exported model, in Markdown. */
export function modelCard(facts: CardFacts): string {
  const { header, run } = facts;
  const { config } = header;
  return [
    '---\nlibrary_name: pytorch\ntags:\n  - metalmo\n  - masked-language-modeling\n---',
    `# ${plain(run.name)}, ${kindLabel(header.kind).toLowerCase()}`,
    `A transformer trained by ${TRAINED_BY[config.objective]}${config.meta.denoising ? ' (the teacher writes the input only)' : ''}: ` +
      `${config.model.layers} layers, width ${config.model.modelDim}, vocabulary ${config.model.vocabularySize}, ` +
      `${facts.studentSize} parameters. Exported by MetaLMO Studio.`,
    origin(facts),
    ...(run.notes.trim() === '' ? [] : [`## Notes\n\n${run.notes.trim()}`]),
    scores(facts),
    ...SECTIONS.map(([part, title]) => settings(config, part, title)),
    `Seed of training: ${config.seed}. \`config.json\` has all of this for programs.`,
    use(facts),
    `## Files\n\n${table(
      ['file', 'bytes', 'SHA-256'],
      facts.files.map(({ name, bytes, sha256 }) => [`\`${name}\``, String(bytes), `\`${sha256}\``]),
    )}\n\n\`sha256sum --check SHA256SUMS\` verifies them.`,
  ]
    .join('\n\n')
    .concat('\n');
}

function origin({ run, header, exportedAtMs }: CardFacts): string {
  const { totalSteps, totalExamples } = runLength(header.config);
  const rows = [
    ['run', `\`${run.runId}\`${run.preset === null ? '' : `, preset \`${run.preset}\``}, ${run.status}`],
    ['created', moment(run.createdAtMs)],
    ['exported', moment(exportedAtMs)],
    ['checkpoint', `\`${header.kind}\``],
    ['steps', `${header.step} of ${totalSteps}`],
    ['examples', `${header.examplesSeen} of ${totalExamples}`],
    ['computed by', run.executor ?? `${header.executor} on ${header.device}`],
    ...(run.parentRunId === null ? [] : [['began with the weights of', `run \`${run.parentRunId}\``]]),
  ];
  return `## Origin\n\n${table(['', ''], rows)}`;
}

function scores({ header, run }: CardFacts): string {
  const rows = Object.entries(header.scores).map(([name, value]) => scoreRow('validation', name, Number(value)));
  const prefix = `test.${header.kind}.`;
  for (const [name, value] of Object.entries(run.results)) {
    if (name.startsWith(prefix)) rows.push(scoreRow('test', name.slice(prefix.length), value));
  }
  if (rows.length === 0) return '## Scores\n\nNot evaluated before this checkpoint.';
  return `## Scores\n\n${table(['score', 'value', 'unit'], rows)}`;
}

function scoreRow(split: string, name: string, value: number): string[] {
  const { label, unit } = metricFacts(name);
  return [`${split}: ${label.toLowerCase()}`, shown(value), unit];
}

const shown = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(6))) : String(value);

function settings(config: RunConfig, part: (typeof SECTIONS)[number][0], title: string): string {
  const values: Readonly<Record<string, unknown>> = config[part];
  const rows = fieldDocumentation().flatMap(({ path, unit, help, dataKind }) => {
    const [head, name = ''] = path.split('.');
    if (head !== part || !(name in values)) return [];
    if (dataKind !== undefined && dataKind !== config.data.kind) return [];
    return [[`\`${name}\``, String(values[name]), unit, help]];
  });
  return `## ${title}\n\n${table(['setting', 'value', 'unit', 'meaning'], rows)}`;
}

function use({ header, teacherSize }: CardFacts): string {
  const { config } = header;
  const soft = hasSoftEmbedding(config)
    ? ' `embed.embed_tokens.padding_idx` is the integer parameter of its soft embedding.'
    : '';
  const lines = [
    'import json',
    'from safetensors.torch import load_file',
    'from models.roberta import RoBERTa',
    'config = json.load(open("config.json"))',
    'student = RoBERTa(**config["model"])',
    'student.load_state_dict(load_file("model.safetensors"), strict=True)',
  ];
  if (teacherSize !== null) {
    lines.push(
      'from models.teacher import TeacherRoBERTa',
      'sizes = {k: v for k, v in config["model"].items() if k != "soft_embedding"}',
      'teacher = TeacherRoBERTa(**sizes)',
      'teacher.load_state_dict(load_file("teacher.safetensors"), strict=True)',
    );
  }
  const teacher =
    teacherSize === null
      ? ''
      : ` \`teacher.safetensors\` is the teacher (${teacherSize} parameters, two untied heads).`;
  return (
    '## Use\n\n' +
    "Parameters have the names and layouts of the method's PyTorch code (github.com/jeffdshen/MetaLMO): Linear weights are " +
    `[out, in], the student's output weight is its token embedding, under both names.${soft}${teacher}\n\n` +
    `\`\`\`python\n${lines.join('\n')}\n\`\`\`\n\n` +
    '`metalmo import FOLDER` takes it back into MetaLMO Studio, to start runs from.'
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const moment = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** A name as plain text of a heading. */
function plain(name: string): string {
  return name.replace(/[\r\n]+/g, ' ').replace(/[\\`*_[\]<>#]/g, '\\$&');
}
