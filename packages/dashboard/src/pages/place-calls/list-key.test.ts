import { expect, it } from 'vitest';
import { forgetList, keyOfList } from './list-key.js';

function memory() {
  const items = new Map<string, string>();
  return {
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, value: string) => void items.set(name, value),
    removeItem: (name: string) => void items.delete(name),
  };
}

function counted(): () => string {
  let made = 0;
  return () => `key-${++made}`;
}

const [ANN, BOB] = ['+15551234567', '+15557654321'].map((to) => [{ assistantId: '1', to }]) as [
  [{ assistantId: string; to: string }],
  [{ assistantId: string; to: string }],
];

it('a list that was begun has the same key after the page was loaded again', () => {
  const [keep, make] = [memory(), counted()];
  expect(keyOfList(ANN, keep, make)).toBe('key-1');
  expect(keyOfList(ANN, keep, make)).toBe('key-1');
});

it('another list has another key', () => {
  const [keep, make] = [memory(), counted()];
  keyOfList(ANN, keep, make);
  expect(keyOfList(BOB, keep, make)).toBe('key-2');
});

it('a list that was placed to its end has another key the next time', () => {
  const [keep, make] = [memory(), counted()];
  keyOfList(ANN, keep, make);
  forgetList(keep);
  expect(keyOfList(ANN, keep, make)).toBe('key-2');
});
