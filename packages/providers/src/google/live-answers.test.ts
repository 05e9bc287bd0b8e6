import { describe, expect, it } from 'vitest';
import { LiveAnswers } from './live-answers.js';

const interrupted = { interrupted: true, turnComplete: false };
const complete = { interrupted: false, turnComplete: true };

describe('whose what comes is', () => {
  it('the first one that was asked for and is not closed', () => {
    const answers = new LiveAnswers();
    answers.ask(1, 1);
    expect(answers.begun()?.id).toBe(1);
    expect(answers.close(complete)?.id).toBe(1);
    answers.ask(2, 2);
    expect(answers.begun()?.id).toBe(2);
    expect(answers.isIdle).toBe(false);
  });

  it('the stopped one, up to the word that it was interrupted; the end that follows closes nothing else', () => {
    const answers = new LiveAnswers();
    answers.ask(1, 1);
    answers.begun();
    answers.stop(1);
    answers.ask(2, 2);
    expect(answers.begun()).toMatchObject({ id: 1, isWanted: false });
    expect(answers.close(interrupted)?.id).toBe(1);
    expect(answers.close(complete)).toBeUndefined();
    expect(answers.begun()?.id).toBe(2);
    expect(answers.close(complete)?.id).toBe(2);
  });

  it('the next one, where the stopped one had not begun, with or without a word about its end', () => {
    for (const words of [[], [interrupted, complete], [{ interrupted: true, turnComplete: true }]]) {
      const answers = new LiveAnswers();
      answers.ask(1, 1);
      answers.stop(1);
      answers.ask(2, 2);
      for (const word of words) expect(answers.close(word)).toBeUndefined();
      expect(answers.begun()?.id).toBe(2);
      expect(answers.close(complete)?.id).toBe(2);
    }
  });

  it('the same one, as long as it waits for results', () => {
    const answers = new LiveAnswers();
    answers.ask(1, 1);
    answers.begun()?.openCalls.add('c');
    expect(answers.close(complete)).toBeUndefined();
    answers.find(1)?.openCalls.delete('c');
    expect(answers.close(complete)?.id).toBe(1);
  });
});
