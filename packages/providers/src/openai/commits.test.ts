import { beforeEach, describe, expect, it } from 'vitest';
import { Commits } from './commits.js';

let told: string[];
let commits: Commits;

beforeEach(() => {
  told = [];
  commits = new Commits({ onPartial: (text) => told.push(`~${text}`), onDone: (text) => told.push(text) });
});

describe('commits', () => {
  it('are told in their order, whichever text completes first', () => {
    commits.add();
    commits.add();
    commits.named('a');
    commits.named('b');
    commits.delta('b', 'tw');
    commits.completed('b', 'two');
    expect(told).toEqual([]);
    commits.delta('a', 'on');
    commits.completed('a', 'one');
    expect(told).toEqual(['~on', 'one', 'two']);
  });

  it('with nothing in them keep their place', () => {
    commits.add();
    commits.addEmpty();
    commits.named('a');
    commits.completed('a', 'one');
    commits.addEmpty();
    expect(told).toEqual(['one', '', '']);
  });

  it('are not named after the place of an empty one', () => {
    commits.add();
    commits.addEmpty();
    commits.add();
    commits.named('a');
    commits.named('b');
    commits.completed('b', 'two');
    commits.completed('a', 'one');
    expect(told).toEqual(['one', '', 'two']);
  });

  it('that the vendor refuses are empty; a refusal of something else is none of them', () => {
    const first = commits.add();
    expect(commits.refused(first)).toBe(true);
    expect(commits.refused(first)).toBe(false);
    expect(commits.refused(undefined)).toBe(false);
    expect(told).toEqual(['']);
  });

  it('have the text that was streamed before they were made', () => {
    commits.delta('a', 'Hel');
    commits.delta('a', 'lo');
    commits.add();
    commits.named('a');
    commits.delta('a', ' you');
    commits.completed('a', 'Hello you.');
    expect(told).toEqual(['~Hel', '~Hello', '~Hello you', 'Hello you.']);
  });

  it('ignore what is said about items of others, and what is malformed', () => {
    commits.add();
    commits.named(7);
    commits.named('a');
    commits.completed('x', 'ghost');
    commits.completed(undefined, 'ghost');
    commits.delta('a', 5);
    commits.delta(undefined, 'ghost');
    commits.completed('a', undefined);
    expect(told).toEqual(['']);
  });
});
