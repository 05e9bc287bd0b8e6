import { describe, expect, it } from 'vitest';
import { type AsteriskBehaviour, AsteriskQueue } from './asterisk-queue.js';
import { formatCommand, parseCommand } from './commands.js';
import { formatEvent } from './event-format.js';
import { type AsteriskEvent, type ControlForm, parseEvent } from './events.js';
import { mediaFormat } from './formats.js';
import { readVectors } from './vector-file.test.support.js';

const FORMS = { 'plain-text': 'plain-text', 'json-text': 'json' } as const;

function describeEvent(event: AsteriskEvent): string {
  const { event: name, ...fields } = event;
  const values = Object.entries(fields).map(([key, value]) => {
    const text = value instanceof Map ? [...value].map((pair) => pair.join(':')).join(',') : (value ?? '-');
    return `${key}=${text}`;
  });
  return [name, ...values].join(' ');
}

describe('events are understood as written down', () => {
  for (const { title, blocks } of readVectors('events.md')) {
    const [expected = ''] = blocks.get('log') ?? [];
    for (const block of ['plain-text', 'json-text'] as const) {
      for (const line of blocks.get(block) ?? []) {
        it(`${title}: ${line.slice(0, 60)}`, () => {
          const parsed = parseEvent(line);
          const got = parsed.ok ? `${parsed.form} ${describeEvent(parsed.event)}` : parsed.code;
          expect(got).toBe(expected.replace(/^\*/, FORMS[block]));
        });
      }
    }
  }
});

describe('commands are read and written as written down', () => {
  for (const { title, blocks } of readVectors('commands.md')) {
    const [expected = ''] = blocks.get('log') ?? [];
    for (const block of ['plain-text', 'json-text'] as const) {
      for (const line of blocks.get(block) ?? []) {
        it(`${title}: ${line}`, () => {
          const parsed = parseCommand(line, FORMS[block]);
          expect(parsed.ok ? JSON.stringify(parsed.command) : parsed.code).toBe(expected);
          if (parsed.ok && !title.includes('read only')) expect(formatCommand(parsed.command, FORMS[block])).toBe(line);
        });
      }
    }
  }
});

const COUNTERS = [
  ['discarded', 'discardedBytes'],
  ['dropped', 'droppedMessages'],
  ['too-long', 'tooLongCommands'],
  ['unknown', 'unknownCommands'],
  ['wrong-form', 'wrongForm'],
] as const;

function letters(frame: Uint8Array | undefined): string {
  if (frame === undefined) return 'nothing';
  const text = [...frame].map((byte) => (byte === 0xff ? '~' : String.fromCharCode(byte))).join('');
  return [...text.matchAll(/(.)\1*/g)].map(([run]) => `${run[0]}${run.length}`).join(' ');
}

function play(script: readonly string[], form: ControlForm, behaviour: AsteriskBehaviour): string[] {
  const log: string[] = [];
  const say = (event: AsteriskEvent) => {
    // What is said has to survive the wire in this form.
    const parsed = parseEvent(formatEvent(event, form));
    if (!parsed.ok) throw new Error(`said what nobody understands: ${parsed.code}`);
    expect(parsed.form).toBe(form);
    log.push(`say ${formatEvent({ ...parsed.event, channelId: undefined }, 'plain-text')}`);
  };
  const format = mediaFormat('ulaw')!;
  const queue = new AsteriskQueue({ format, form, behaviour, channelId: '1.1', say });
  for (const line of script) {
    const [word = '', size = '', letter = ''] = line.split(' ');
    const [count = 0, times = 1] = size.split('*').map(Number);
    if (word === 'media') {
      for (let n = 0; n < times; n += 1) queue.takeMedia(Buffer.alloc(count, letter));
    } else if (word === 'tick') {
      for (let n = 0; n < count; n += 1) {
        const frame = queue.tick();
        log.push(letters(frame));
      }
    } else if (word === 'quiet') {
      for (let n = 0; n < count; n += 1) queue.tick();
    } else if (word === 'length') {
      log.push(`length ${queue.length}`);
    } else if (word === 'raw') {
      queue.takeText(line.slice('raw '.length));
    } else {
      const command = parseCommand(line, 'plain-text');
      if (!command.ok) throw new Error(`no such line: ${line}`);
      queue.takeText(formatCommand(command.command, form));
    }
  }
  for (const [name, counter] of COUNTERS)
    if (queue.counters[counter] > 0) log.push(`${name} ${queue.counters[counter]}`);
  return log;
}

describe('the queue plays and says what is written down', () => {
  for (const { title, blocks } of readVectors('queue.md')) {
    const script = [...(blocks.get('script') ?? [])];
    const [word, value] = script[0]?.split(' ') ?? [];
    if (word === 'behaviour' || word === 'form') script.shift();
    const behaviour = word === 'behaviour' ? (value as AsteriskBehaviour) : '22.10';
    const forms = behaviour === '22.6' ? ['plain-text'] : word === 'form' ? [value] : ['plain-text', 'json'];
    for (const form of forms as ControlForm[]) {
      it(`${title} (${form})`, () => {
        expect(play(script, form, behaviour)).toEqual(blocks.get('log'));
      });
    }
  }
});
