import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { WebSocketServer } from 'ws';
import { AppError } from '../../../src-shared/app-error.ts';
import { HOST_PATH } from '../../../src-shared/ipc/host-hello.ts';
import { ownHello } from '../../hosts/own-hello.ts';
import { findRendererFile } from '../renderer-file.ts';
import { SECURITY_HEADERS } from '../security-headers.ts';
import { isOwnHost, isOwnOrigin, shownHost } from './origin.ts';
import { servePage, type Served } from './page-socket.ts';
import { SessionKeeper } from './session.ts';

export const SOCKET_PATH = '/socket';
const LARGEST_MESSAGE_BYTES = 1024 * 1024;

export interface WebShellOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Folder of the built page. */
  readonly rendererDirectory: string;
  /** What the pages talk to. */
  readonly pages: Served;
  /** What shells on other machines talk to: always this machine's own studio, so that looking can't go in circles. */
  readonly studio: Served;
  /** Where sessions outlive this process; undefined keeps them in memory. */
  readonly sessionFile?: string | undefined;
}

export interface WebShell {
  readonly host: string;
  readonly port: number;
  /** An address with a token that works once. */
  issueAddress(): string;
  close(): Promise<void>;
}

/**
 * Serves the page and the contract to browsers.
 * @throws AppError file/io where the address can't be listened on
 */
export async function openWebShell(options: WebShellOptions): Promise<WebShell> {
  const server = createServer();
  const port = await listen(server, options.host, options.port);
  const sessions = new SessionKeeper(options.sessionFile);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE_BYTES });

  server.on('request', (request, response) => {
    void answer(request, response, options, sessions).catch(() => response.destroy());
  });
  server.on('upgrade', (request, socket, head) => {
    const refusal = refuseSocket(request, options.host, sessions);
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      if (request.url === HOST_PATH) servePage(opened, options.studio, ownHello());
      else servePage(opened, options.pages);
    });
  });

  return {
    host: options.host,
    port,
    issueAddress: () => `http://${shownHost(options.host)}:${port}/?token=${sessions.issueToken()}`,
    async close() {
      for (const client of sockets.clients) client.close(1001, 'The server is closing');
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
        server.closeAllConnections();
      }, 500).unref();
      await closed;
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new AppError(
          'file/io',
          `Can't listen on ${host}:${port}: ${error.message}. Choose another with --port or --host.`,
        ),
      ),
    );
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function refuseSocket(request: IncomingMessage, host: string, sessions: SessionKeeper): string | undefined {
  const { headers } = request;
  if (request.url !== SOCKET_PATH && request.url !== HOST_PATH) return '404 Not Found';
  if (!isOwnHost(headers.host, host) || !isOwnOrigin(headers.origin, headers.host, true)) return '403 Forbidden';
  if (!sessions.isSession(headers.cookie)) return '401 Unauthorized';
  return undefined;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: WebShellOptions,
  sessions: SessionKeeper,
): Promise<void> {
  const { headers } = request;
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  response.setHeader('Cache-Control', 'no-store');
  if (!isOwnHost(headers.host, options.host) || !isOwnOrigin(headers.origin, headers.host, false)) {
    return text(response, 403, 'This address is not served here.');
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return text(response, 405, 'Only GET is served.');

  const [rawPath = '/', query = ''] = (request.url ?? '/').split('?', 2);
  const token = new URLSearchParams(query).get('token');
  if (rawPath === '/' && token !== null)
    return enter(response, sessions.exchange(token), sessions.isSession(headers.cookie));
  if (!sessions.isSession(headers.cookie)) return text(response, 401, HOW_TO_ENTER);

  const found = await findRendererFile(options.rendererDirectory, rawPath);
  if (found === undefined) return text(response, 404, 'Not found.');
  response.setHeader('Content-Type', found.contentType);
  if (found.immutable) response.setHeader('Cache-Control', 'private, max-age=31536000, immutable');
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  await pipeline(createReadStream(found.file), response);
}

/**
 * After the token a page sends the browser on, rather than a redirect: a redirect that began on a foreign page (a
 * link in a web terminal) would arrive without the SameSite=Strict cookie it has just been given.
 */
function enter(response: ServerResponse, cookie: string | undefined, alreadyIn: boolean): void {
  if (cookie === undefined && !alreadyIn) return text(response, 401, HOW_TO_ENTER);
  if (cookie !== undefined) response.setHeader('Set-Cookie', cookie);
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(
    '<!doctype html><meta http-equiv="refresh" content="0; url=/"><link rel="icon" href="/icon.svg"><title>MetaLMO Studio</title>',
  );
}

const HOW_TO_ENTER =
  'Not signed in. Open the address that MetaLMO Studio printed in its terminal; each address works once. ' +
  'Press Enter there for a new one.';

function text(response: ServerResponse, status: number, message: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end(`${message}\n`);
}
