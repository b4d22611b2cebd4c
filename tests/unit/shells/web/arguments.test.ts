import { describe, expect, it } from 'vitest';
import { parseWebArguments } from '../../../../src-main/shells/web/arguments.ts';

describe('the options of the web shell', () => {
  it('listen on the loopback interface and open a browser unless told otherwise', () => {
    expect(parseWebArguments([])).toMatchObject({ host: '127.0.0.1', port: undefined, open: true, json: false });
    expect(parseWebArguments(['--serve'])).toMatchObject({ host: '127.0.0.1', open: false });
    expect(parseWebArguments(['--no-open', '--port', '0', '--home', '/h'])).toMatchObject({
      open: false,
      port: 0,
      home: '/h',
    });
  });

  it.each([['--port', 'x'], ['--port', '70000'], ['--port', '1.5'], ['--prot', '1'], ['file']])(
    'refuse %s %s',
    (...args) => {
      expect(() => parseWebArguments(args)).toThrow(expect.objectContaining({ code: 'input/invalid' }));
    },
  );
});
