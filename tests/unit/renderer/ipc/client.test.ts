import { describe, expect, it } from 'vitest';
import { Client } from '../../../../src-renderer/ipc/client.ts';
import type { Transport } from '../../../../src-renderer/ipc/transport.ts';

/** A wire held in the hand. */
function wire() {
  const sent: { id: number; name: string }[] = [];
  let onEnvelope: (envelope: unknown) => void = () => undefined;
  let onConnected: (connected: boolean) => void = () => undefined;
  const transport: Transport = {
    send: (envelope) => sent.push(envelope as { id: number; name: string }),
    onEnvelope: (listener) => (onEnvelope = listener),
    onConnected: (listener) => (onConnected = listener),
  };
  return { sent, transport, receive: (e: unknown) => onEnvelope(e), connect: (c: boolean) => onConnected(c) };
}

function connected() {
  const ends = wire();
  const client = new Client(ends.transport);
  client.onConnected(() => undefined);
  ends.connect(true);
  return { ...ends, client };
}

describe("the page's client", () => {
  it('pairs answers with their requests, in any order, and decodes NaN', async () => {
    const { client, sent, receive } = connected();
    const list = client.request('system.samples', {});
    const lines = client.request('runs.sparklines', { runIds: ['r'] });
    const body = [{ runId: 'r', values: ['NaN'] }];
    receive({ kind: 'answer', id: sent[1]?.id, ok: true, body });
    receive({ kind: 'answer', id: sent[0]?.id, ok: true, body: [] });
    expect((await lines)[0]?.values).toEqual([NaN]);
    expect(await list).toEqual([]);
  });

  it('rejects with the typed error, and where the answer breaks the contract', async () => {
    const { client, sent, receive } = connected();
    const error = { code: 'run/invalid-state', message: 'It has ended.', details: {} };
    const stop = client.request('runs.stop', { runId: 'r' });
    receive({ kind: 'answer', id: sent[0]?.id, ok: false, error });
    await expect(stop).rejects.toMatchObject(error);
    const list = client.request('system.samples', {});
    receive({ kind: 'answer', id: sent[1]?.id, ok: true, body: [{}] });
    await expect(list).rejects.toMatchObject({ code: 'ipc/invalid' });
  });

  it('gives up what is under way when the connection is lost', async () => {
    const { client, connect } = connected();
    const list = client.request('system.samples', {});
    connect(false);
    await expect(list).rejects.toMatchObject({ code: 'cancelled' });
    await expect(client.request('system.samples', {})).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('hands events to their listeners until they leave, and ignores unknown ones', () => {
    const { client, receive } = connected();
    const seen: unknown[] = [];
    const leave = client.on('metrics.appended', (body) => seen.push(body.series[0]?.values[0]));
    const event = {
      kind: 'event',
      name: 'metrics.appended',
      body: { runId: 'r', series: [{ name: 'h', steps: [1], values: ['-Infinity'] }] },
    };
    receive(event);
    receive({ kind: 'event', name: 'no.such', body: 1 });
    leave();
    receive(event);
    expect(seen).toEqual([-Infinity]);
  });
});
