import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDispatcher } from '../../../../src-main/ipc/dispatcher.ts';
import { openWebShell, type WebShell } from '../../../../src-main/shells/web/web-shell.ts';
import { createFakeStudio } from '../../../support/fake-studio.ts';

let folder: string;
let shell: WebShell;
let cookie: string;
const studio = createFakeStudio();

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A request as it is, without what `fetch` would tidy up. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: shell.port, path, headers, method };
    get(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    }).on('error', reject);
  });
}

function connect(headers: Record<string, string>, path = '/socket'): Promise<WebSocket | number> {
  const socket = new WebSocket(`ws://127.0.0.1:${shell.port}${path}`, { headers });
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.once('error', reject);
  });
}

const own = (): string => `http://127.0.0.1:${shell.port}`;
const pathOf = (address: string): string => address.slice(own().length);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'metalmo-web-'));
  writeFileSync(join(folder, 'index.html'), 'page');
  shell = await openWebShell({
    host: '127.0.0.1',
    port: 0,
    rendererDirectory: folder,
    dispatch: createDispatcher(studio.handlers),
    events: studio.events,
  });
  const entered = await ask(pathOf(shell.issueAddress()));
  cookie = entered.headers['set-cookie']?.[0]?.split(';', 1)[0] ?? '';
});
afterAll(async () => {
  await shell.close();
  studio.close();
  rmSync(folder, { recursive: true });
});

describe('the web shell', () => {
  it('takes a token once and gives a cookie that scripts and other sites do not get', async () => {
    const path = pathOf(shell.issueAddress());
    const first = await ask(path);
    expect(first.status).toBe(200);
    expect(first.headers['set-cookie']?.[0]).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
    expect(await ask(path)).toMatchObject({ status: 401 });
    expect(await ask('/?token=guess')).toMatchObject({ status: 401 });
  });

  it('serves the page with every header of its policy, and only to a session', async () => {
    expect(await ask('/')).toMatchObject({ status: 401 });
    expect(await ask('/', { cookie: 'metalmo-session-1=x' })).toMatchObject({ status: 401 });
    const { status, text, headers } = await ask('/', { cookie });
    expect([status, text]).toEqual([200, 'page']);
    expect(headers['content-security-policy']).toMatch(/default-src 'none'.*script-src 'self'/);
    expect(headers['content-security-policy']).not.toMatch(/unsafe/);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  });

  it.each(['/../package.json', '/%2e%2e/package.json', '/..%2fpackage.json', '/index.html/../../x.js'])(
    'finds nothing at %s',
    async (path) => {
      expect(await ask(path, { cookie })).toMatchObject({ status: 404 });
    },
  );

  it.each(['evil.example', `evil.example:80`, '127.0.0.1.evil.example', '10.0.0.1', 'user@127.0.0.1'])(
    'refuses the host %j, so that no other name can be pointed here',
    async (host) => {
      expect((await ask('/', { cookie, host })).status).not.toBe(200);
      expect(await connect({ cookie, origin: `http://${host}`, host })).not.toBeInstanceOf(WebSocket);
    },
  );

  it('works under another port, as through a tunnel', async () => {
    const headers = { cookie, host: 'localhost:9999' };
    expect(await ask('/', headers)).toMatchObject({ status: 200 });
    const socket = await connect({ ...headers, origin: 'http://localhost:9999' });
    expect(socket).toBeInstanceOf(WebSocket);
    if (socket instanceof WebSocket) socket.terminate();
  });

  it('refuses foreign origins, other methods and sockets without session or origin', async () => {
    expect(await ask('/', { cookie, origin: 'http://evil.example' })).toMatchObject({ status: 403 });
    expect(await ask('/', { cookie, origin: `http://127.0.0.1:1` })).toMatchObject({ status: 403 });
    expect(await ask('/', { cookie }, 'POST')).toMatchObject({ status: 405 });
    expect(await connect({ origin: own() })).toBe(401);
    expect(await connect({ cookie })).toBe(403);
    expect(await connect({ cookie, origin: 'http://evil.example' })).toBe(403);
    expect(await connect({ cookie, origin: own() }, '/other')).toBe(404);
  });

  it('speaks the contract over the socket and answers nonsense with a typed error', async () => {
    const socket = await connect({ cookie, origin: own() });
    if (!(socket instanceof WebSocket)) throw new Error('refused');
    type Answered = { id: number | null; ok: boolean; error?: { code: string } };
    const answers: Answered[] = [];
    socket.on('message', (data: Buffer) => answers.push(JSON.parse(data.toString('utf8')) as Answered));
    socket.send('{');
    socket.send(JSON.stringify({ kind: 'request', id: 1, name: 'no.such', body: {} }));
    socket.send(JSON.stringify({ kind: 'request', id: 2, name: 'runs.list', body: {} }));
    await expect.poll(() => answers.length).toBe(3);
    expect(answers.map(({ id, ok, error }) => [id, ok, error?.code])).toEqual([
      [null, false, 'ipc/invalid'],
      [1, false, 'ipc/invalid'],
      [2, true, undefined],
    ]);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.send(Buffer.of(1, 2));
    expect(await closed).toBe(1008);
  });

  it('says what to do where the port is taken', async () => {
    const options = { host: '127.0.0.1', port: shell.port, rendererDirectory: folder, events: studio.events };
    await expect(openWebShell({ ...options, dispatch: createDispatcher(studio.handlers) })).rejects.toThrow(/--port/);
  });
});
