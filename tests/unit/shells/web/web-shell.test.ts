import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHostSwitch } from '../../../../src-main/hosts/host-switch.ts';
import { openWebShell, type WebShell } from '../../../../src-main/shells/web/web-shell.ts';
import { HOST_PATH, HostHello } from '../../../../src-shared/ipc/host-hello.ts';
import { createSmallStudio } from '../../../support/small-studio.ts';

let folder: string;
let shell: WebShell;
let cookie: string;
const studio = createSmallStudio();

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

interface Answered {
  readonly id: number | null;
  readonly ok: boolean;
  readonly body?: unknown;
  readonly error?: { readonly code: string };
}

async function talk(
  headers: Record<string, string>,
  path = '/socket',
): Promise<{ socket: WebSocket; answers: Answered[] }> {
  const socket = new WebSocket(`ws://127.0.0.1:${shell.port}${path}`, { headers });
  const answers: Answered[] = [];
  socket.on('message', (data: Buffer) => answers.push(JSON.parse(data.toString('utf8')) as Answered));
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return { socket, answers };
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
    pages: createHostSwitch({ home: folder, ...studio }),
    studio,
  });
  const entered = await ask(pathOf(shell.issueAddress()));
  cookie = entered.headers['set-cookie']?.[0]?.split(';', 1)[0] ?? '';
});
afterAll(async () => {
  await shell.close();
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

  it('speaks the contract over the socket and answers nonsense with a typed error that changes nothing', async () => {
    const { socket, answers } = await talk({ cookie, origin: own() });
    const before = studio.handled.length;
    socket.send('{');
    socket.send('null');
    socket.send(JSON.stringify({ kind: 'request', id: 1, name: 'no.such', body: {} }));
    socket.send(JSON.stringify({ kind: 'request', id: 2, name: 'constructor', body: {} }));
    socket.send(JSON.stringify({ kind: 'request', id: 3, name: 'settings.set', body: { concurrency: 'all' } }));
    socket.send(JSON.stringify({ kind: 'request', id: 4, name: 'settings.set', body: { home: '/etc' } }));
    socket.send(JSON.stringify({ kind: 'request', id: 5, name: 'settings.set', body: { concurrency: 2 }, extra: 1 }));
    socket.send(JSON.stringify({ kind: 'request', id: 6, name: 'settings.get', body: {} }));
    await expect.poll(() => answers.length).toBe(8);
    const got = answers.map(({ id, error }) => [id, error?.code ?? 'ok']).sort((a, b) => Number(a[0]) - Number(b[0]));
    const invalid = [null, null, 1, 2, 3, 4, 5].map((id) => [id, 'ipc/invalid']);
    expect(got).toEqual([...invalid, [6, 'ok']]);
    expect(studio.handled.slice(before)).toEqual(['settings.get']);
    expect(answers.find(({ id }) => id === 6)?.body).toMatchObject({ concurrency: 1 });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.send(Buffer.of(1, 2));
    expect(await closed).toBe(1008);
  });

  it('ends a connection that sends more than a megabyte at once', async () => {
    const { socket } = await talk({ cookie, origin: own() });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const before = studio.handled.length;
    socket.send(JSON.stringify({ kind: 'request', id: 1, name: 'settings.get', body: { a: 'x'.repeat(1 << 20) } }));
    expect(await closed).toBe(1009);
    expect(studio.handled.length).toBe(before);
  });

  it('answers a flood of requests with errors instead of work, and goes on serving', async () => {
    const { socket, answers } = await talk({ cookie, origin: own() });
    const before = studio.handled.length;
    const request = (id: number): string => JSON.stringify({ kind: 'request', id, name: 'settings.get', body: {} });
    for (let id = 1; id <= 6000; id += 1) socket.send(request(id));
    await expect.poll(() => answers.length, { timeout: 10_000 }).toBe(6000);
    const refused = answers.filter(({ ok }) => !ok);
    expect(refused.length).toBeGreaterThan(500);
    expect(refused.every(({ error }) => error?.code === 'ipc/invalid')).toBe(true);
    expect(studio.handled.length - before).toBe(6000 - refused.length);
    await expect
      .poll(
        async () => {
          socket.send(request(7000));
          await new Promise((resolve) => setTimeout(resolve, 50));
          return answers.some(({ id, ok }) => id === 7000 && ok);
        },
        { timeout: 5000 },
      )
      .toBe(true);
    socket.terminate();
  });

  it("shows other machines' shells its own studio, and only with a session and an origin", async () => {
    expect(await connect({ origin: own() }, HOST_PATH)).toBe(401);
    expect(await connect({ cookie }, HOST_PATH)).toBe(403);
    expect(await connect({ cookie, origin: 'http://evil.example' }, HOST_PATH)).toBe(403);
    const { socket, answers } = await talk({ cookie, origin: own() }, HOST_PATH);
    await expect.poll(() => answers.length).toBe(1);
    expect(HostHello.safeParse(answers[0]).success).toBe(true);
    socket.send(JSON.stringify({ kind: 'request', id: 1, name: 'hosts.list', body: {} }));
    await expect.poll(() => answers.length).toBe(2);
    expect(answers[1]).toMatchObject({ id: 1, ok: false, error: { code: 'ipc/invalid' } });
    socket.terminate();
  });

  it('lets at most sixteen unopened addresses wait', async () => {
    const first = pathOf(shell.issueAddress());
    for (let i = 0; i < 16; i += 1) shell.issueAddress();
    expect(await ask(first)).toMatchObject({ status: 401 });
  });

  it('says what to do where the port is taken', async () => {
    const options = { host: '127.0.0.1', port: shell.port, rendererDirectory: folder, pages: studio, studio };
    await expect(openWebShell(options)).rejects.toThrow(/--port/);
  });
});
