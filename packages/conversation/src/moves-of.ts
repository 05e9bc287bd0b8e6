/** What composing decisions is made of, for any state, action and view. */
export interface Moves<S, A, V> {
  /** Applies moves one after the other, each to the state the one before left, and joins their actions. */
  inTurn(...moves: readonly MoveOf<S, A, V>[]): MoveOf<S, A, V>;
  readonly stay: MoveOf<S, A, V>;
  act(...actions: readonly A[]): MoveOf<S, A, V>;
  set(change: Partial<S>): MoveOf<S, A, V>;
  when(condition: (state: S, view: V) => boolean, then: MoveOf<S, A, V>, otherwise?: MoveOf<S, A, V>): MoveOf<S, A, V>;
}

export type SteppedOf<S, A> = readonly [S, readonly A[]];

/** A part of a decision. Pure. */
export type MoveOf<S, A, V> = (state: S, view: V) => SteppedOf<S, A>;

export function movesOf<S, A, V>(): Moves<S, A, V> {
  const stay: MoveOf<S, A, V> = (state) => [state, []];
  return {
    stay,
    inTurn:
      (...moves) =>
      (state, view) => {
        let current = state;
        const actions: A[] = [];
        for (const move of moves) {
          const [next, more] = move(current, view);
          current = next;
          actions.push(...more);
        }
        return [current, actions];
      },
    act:
      (...actions) =>
      (state) => [state, actions],
    set: (change) => (state) => [{ ...state, ...change }, []],
    when:
      (condition, then, otherwise = stay) =>
      (state, view) =>
        (condition(state, view) ? then : otherwise)(state, view),
  };
}
