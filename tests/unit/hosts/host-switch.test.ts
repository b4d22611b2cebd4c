import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AnswerEnvelope, EventEnvelope } from '../../../src-shared/ipc/envelope.ts';
import type { HostsView } from '../../../src-shared/ipc/contract/hosts.ts';
import { createHostSwitch, type HostSwitch } from '../../../src-main/hosts/host-switch.ts';
import { openWebShell, type WebShell } from '../../../src-main/shells/web/web-shell.ts';
import { createSmallStudio, type SmallStudio } from '../../support/small-studio.ts';

/** Two web shells; the pages of the first look at the studio of the second. */
let folder: string;
let here: SmallStudio;
let there: SmallStudio;
let shell: WebShell;
let pages: HostSwitch;
let told: EventEnvelope[];

const openThere = (port = 0): Promise<WebShell> => {
  const looking = createHostSwitch({ home: join(folder, 'there'), ...there });
  const sessionFile = join(folder, 'there', 'sessions.json');
  return openWebShell({
    host: '127.0.0.1',
    port,
    rendererDirectory: folder,
    pages: looking,
    studio: there,
    sessionFile,
  });
};

async function ask(name: string, body: unknown = {}, id = 7): Promise<AnswerEnvelope> {
  return pages.dispatch({ kind: 'request', id, name, body });
}

async function succeed(name: string, body: unknown = {}): Promise<unknown> {
  const answer = await ask(name, body);
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.body;
}

async function problem(name: string, body: unknown = {}): Promise<string> {
  const answer = await ask(name, body);
  if (answer.ok) throw new Error('It worked.');
  return `${answer.error.code}: ${answer.error.message}`;
}

const views = (): HostsView[] => told.flatMap(({ name, body }) => (name === 'host.changed' ? [body as HostsView] : []));
const states = (): string[] => views().map(({ connection }) => connection.state);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'metalmo-switch-'));
  writeFileSync(join(folder, 'index.html'), 'page');
  here = createSmallStudio(1);
  there = createSmallStudio(9);
  shell = await openThere();
  pages = createHostSwitch({ home: join(folder, 'here'), ...here });
  told = [];
  pages.events.subscribe((event) => told.push(event));
});
afterEach(async () => {
  pages.close();
  await shell.close();
  rmSync(folder, { recursive: true });
});

describe('a host elsewhere', () => {
  it('answers once it is opened, and this machine again once it is left', async () => {
    expect(await succeed('settings.get')).toMatchObject({ concurrency: 1 });
    const view = await succeed('hosts.open', { address: shell.issueAddress(), name: 'GPU' });
    expect(view).toMatchObject({ current: { name: 'GPU' }, connection: { state: 'connected', reason: null } });
    expect(await succeed('settings.get')).toMatchObject({ concurrency: 9 });
    expect(await succeed('settings.set', { concurrency: 4 })).toMatchObject({ concurrency: 4 });
    expect(await succeed('hosts.leave')).toMatchObject({ current: null, hosts: [{ name: 'GPU' }] });
    expect(await succeed('settings.get')).toMatchObject({ concurrency: 1 });
    expect(views().map(({ current }) => current?.name ?? null)).toEqual(['GPU', null]);
  });

  it('tells its events, this machine the others only when it is looked at', async () => {
    const settings = { concurrency: 1, notifications: true, teacherExamplesBytes: 1_000_000 };
    await succeed('hosts.open', { address: shell.issueAddress() });
    there.events.publish('settings.changed', { ...settings, concurrency: 5 });
    here.events.publish('settings.changed', { ...settings, concurrency: 6 });
    here.events.publish('notification', { runId: 'r', title: 'Finished', text: 'mlm', kind: 'good' });
    const heard = (): unknown[] =>
      told
        .filter(({ name }) => name !== 'host.changed')
        .map(({ name, body }) => [name, (body as { concurrency?: number }).concurrency]);
    await expect.poll(heard).toContainEqual(['settings.changed', 5]);
    expect(heard()).toContainEqual(['notification', undefined]);
    expect(heard()).not.toContainEqual(['settings.changed', 6]);
  });

  it('is remembered with its session: a restart of either side needs no new token', async () => {
    const address = shell.issueAddress();
    await succeed('hosts.open', { address, name: 'GPU' });
    pages.close();
    const { port } = shell;
    await shell.close();
    shell = await openThere(port);
    pages = createHostSwitch({ home: join(folder, 'here'), ...here });
    expect(await succeed('hosts.list')).toMatchObject({ current: null, hosts: [{ name: 'GPU' }] });
    expect(await succeed('hosts.open', { address: new URL(address).origin })).toMatchObject({
      current: { name: 'GPU' },
    });
    expect(await succeed('settings.get')).toMatchObject({ concurrency: 9 });
  });

  it('that breaks off fails what is at work, says so, and is mended by itself', async () => {
    await succeed('hosts.open', { address: shell.issueAddress() });
    const atWork = problem('runs.summaries', { runIds: ['a'] });
    await expect.poll(() => there.handled).toContain('runs.summaries');
    const { port } = shell;
    await shell.close();
    expect(await atWork).toMatch(/^cancelled: /);
    expect(await problem('settings.get')).toMatch(/^cancelled: http:\/\/127\.0\.0\.1/);
    await expect.poll(() => views().at(-1)?.connection.reason).toMatch(/Nothing listens at .* SSH tunnel/);
    shell = await openThere(port);
    await expect.poll(() => states().at(-1), { timeout: 5000 }).toBe('connected');
    expect(states()).toContain('lost');
    expect(await succeed('settings.get')).toMatchObject({ concurrency: 9 });
  });

  it('passes nonsense on to no handler, with the page id on the answer', async () => {
    await succeed('hosts.open', { address: shell.issueAddress() });
    const wrong = await ask('settings.set', { concurrency: 'many' }, 42);
    expect(wrong).toMatchObject({ id: 42, ok: false, error: { code: 'ipc/invalid' } });
    expect(await ask('no.such', {}, 43)).toMatchObject({ id: 43, ok: false, error: { code: 'ipc/invalid' } });
    expect(await pages.dispatch('garbage')).toMatchObject({ id: null, ok: false });
    expect(there.handled).toEqual([]);
  });

  it('shows its own studio, whatever it is looking at itself', async () => {
    const address = shell.issueAddress();
    await succeed('hosts.open', { address });
    const circle = await openWebShell({ host: '127.0.0.1', port: 0, rendererDirectory: folder, pages, studio: here });
    try {
      const third = createHostSwitch({ home: join(folder, 'third'), ...createSmallStudio(3) });
      const request = { kind: 'request', id: 1, name: 'hosts.open', body: { address: circle.issueAddress() } };
      expect(await third.dispatch(request)).toMatchObject({ ok: true });
      const answer = await third.dispatch({ kind: 'request', id: 2, name: 'settings.get', body: {} });
      expect(answer).toMatchObject({ id: 2, ok: true, body: { concurrency: 1 } });
      third.close();
    } finally {
      await circle.close();
    }
  });

  it('that cannot be opened leaves everything as it was, and says why', async () => {
    const origin = `http://127.0.0.1:${shell.port}`;
    expect(await problem('hosts.open', { address: origin })).toMatch(/^ipc\/unauthorized: .* paste the whole address/);
    expect(await problem('hosts.open', { address: origin, token: 'guess' })).toMatch(/each works once/);
    const [server, nobody] = await listenAs('');
    server.close();
    expect(await problem('hosts.open', { address: nobody })).toMatch(/^ipc\/unauthorized/);
    expect(await problem('hosts.open', { address: nobody, token: 'x' })).toMatch(/Nothing listens at/);
    expect(await problem('hosts.open', { address: 'gopher://x' })).toMatch(/^input\/invalid: .* is no address/);
    expect(await succeed('hosts.list')).toMatchObject({ current: null, hosts: [] });
    expect(await succeed('settings.get')).toMatchObject({ concurrency: 1 });
  });

  it('whose session has ended asks for a new token and is not tried again and again', async () => {
    const address = shell.issueAddress();
    await succeed('hosts.open', { address });
    const { port } = shell;
    await shell.close();
    rmSync(join(folder, 'there', 'sessions.json'));
    shell = await openThere(port);
    await expect.poll(() => states().at(-1), { timeout: 5000 }).toBe('refused');
    expect(views().at(-1)?.connection.reason).toMatch(/session .* has ended/);
    expect(await succeed('hosts.open', { address: shell.issueAddress() })).toMatchObject({
      connection: { state: 'connected' },
    });
  });

  it('of another version is refused with both versions named', async () => {
    const hello = { kind: 'hello', program: 'metalmo-studio', version: '9.9.9', contract: 'other' };
    const [server, address] = await listenAs(JSON.stringify(hello));
    expect(await problem('hosts.open', { address, token: 'x' })).toMatch(/runs version 9\.9\.9, this is version \d/);
    server.close();
  });

  it('that is no MetaLMO Studio at all is refused', async () => {
    const [server, address] = await listenAs('welcome');
    expect(await problem('hosts.open', { address, token: 'x' })).toMatch(/is no MetaLMO Studio/);
    server.close();
  });
});

/** A server that gives a session for any token and greets a socket with `greeting`. */
async function listenAs(greeting: string): Promise<[{ close: () => void }, string]> {
  const server = createServer((_request, response) => {
    response.setHeader('Set-Cookie', 'metalmo-session-0=x').end();
  });
  new WebSocketServer({ server }).on('connection', (socket) => socket.send(greeting));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return [{ close }, `http://127.0.0.1:${(server.address() as AddressInfo).port}`];
}
