import { describe, expect, it } from 'vitest';
import { fieldOf, filterFrom, isSearch, searchedIn } from './history-filter.js';

const from = (query: string) => filterFrom(new URLSearchParams(query));

describe('the filter of the history', () => {
  it('has what the links of the overview ask for', () => {
    expect(
      from('view=history&since=2030-03-03T11%3A00%3A00.000Z&until=2030-03-04T11%3A00%3A00.000Z&state=failed'),
    ).toEqual({
      since: '2030-03-03T11:00:00.000Z',
      until: '2030-03-04T11:00:00.000Z',
      state: 'failed',
    });
    expect(from('interrupted=true&event=provider.failed&slowerThanMs=1200')).toEqual({
      interrupted: 'true',
      event: 'provider.failed',
      slowerThanMs: '1200',
    });
  });

  it('takes an empty name for none, and knows no others', () => {
    expect(from('state=&from=+&colour=red')).toEqual({});
  });

  it('takes a day from its beginning to its end, where the viewer is', () => {
    expect(from('since=2030-03-03&until=2030-03-03')).toEqual({
      since: new Date(2030, 2, 3).toISOString(),
      until: new Date(2030, 2, 4).toISOString(),
    });
  });

  it('leaves to the server what is no moment: it says so', () => {
    expect(from('since=yesterday')).toEqual({ since: 'yesterday' });
  });

  it('is a search where it asks for what was said or what happened', () => {
    expect(
      ['text=hello', 'interrupted=true', 'event=x', 'slowerThanMs=1'].map((query) => isSearch(from(query))),
    ).toEqual([true, true, true, true]);
    expect(isSearch(from('state=failed&live=true'))).toBe(false);
  });

  it('looks into the calls that the rest of it names', () => {
    expect(searchedIn(from('text=hello&event=x&state=failed&from=%2B49'))).toEqual({ state: 'failed', from: '+49' });
  });
});

describe('the field of a moment', () => {
  it('shows it to the minute, where the viewer is', () => {
    expect(fieldOf('since', new Date(2030, 2, 3, 14, 5, 30).toISOString())).toBe('2030-03-03T14:05');
  });

  it('shows the end of a day as the beginning of the next', () => {
    expect(fieldOf('until', '2030-03-03')).toBe('2030-03-04T00:00');
  });

  it('is empty where there is none', () => {
    expect([fieldOf('since', null), fieldOf('since', ''), fieldOf('until', 'soon')]).toEqual(['', '', '']);
  });
});
