import type { FakeFailure, FakeRequest, FakeRequestMatcher } from './fake-types.js';

/** The failures that a test has asked for, each for a number of requests. */
export class InjectedFailures {
  #waiting: Array<{ matcher: FakeRequestMatcher; failure: FakeFailure; left: number }> = [];

  add(matcher: FakeRequestMatcher, failure: FakeFailure): void {
    this.#waiting.push({ matcher, failure, left: matcher.times ?? 1 });
  }

  take(request: Pick<FakeRequest, 'method' | 'path'>): FakeFailure | undefined {
    const hit = this.#waiting.find(({ matcher }) => matches(matcher, request));
    if (hit === undefined) return undefined;
    hit.left -= 1;
    if (hit.left <= 0) this.#waiting = this.#waiting.filter((each) => each !== hit);
    return hit.failure;
  }
}

function matches({ method, path }: FakeRequestMatcher, request: Pick<FakeRequest, 'method' | 'path'>): boolean {
  if (method !== undefined && method !== request.method) return false;
  if (path === undefined) return true;
  return typeof path === 'string' ? path === request.path : path.test(request.path);
}
