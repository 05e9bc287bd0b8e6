import { expect, it } from 'vitest';
import { columnsOf } from './waveform-drawing.js';

it('keeps the loudest of the points that fall into one column', () => {
  expect(columnsOf({ caller: [0, 100, 0, 20], assistant: [50, 0, 0, 0] }, 2)).toEqual([
    { caller: 1, assistant: 0.5 },
    { caller: 0.2, assistant: 0 },
  ]);
});

it('spreads few points over many columns', () => {
  expect(columnsOf({ caller: [10, 20], assistant: [] }, 4).map(({ caller }) => caller)).toEqual([0.1, 0.1, 0.2, 0.2]);
});

it('draws nothing of nothing', () => {
  expect(columnsOf({ caller: [], assistant: [] }, 2)).toEqual([
    { caller: 0, assistant: 0 },
    { caller: 0, assistant: 0 },
  ]);
});
