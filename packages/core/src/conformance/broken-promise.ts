import { describe, type RunnerTestCase, type RunnerTestSuite } from 'vitest';

type Task = RunnerTestSuite['tasks'][number];

/**
 * Shows that a suite means what it says: of the promises that `register` registers only those that `broken` matches are run, against a
 * subject that breaks them, and each has to fail. There has to be one: an empty suite is a failure.
 */
export function breaksPromise(name: string, broken: RegExp, register: () => void): void {
  const collector = describe(`a broken promise: ${name}`, register);
  const collect = collector.collect;
  collector.collect = async (file) => {
    const suite = await collect(file);
    suite.tasks = suite.tasks.filter((task) => keep(task, broken));
    return suite;
  };
}

function keep(task: Task, broken: RegExp): boolean {
  if (task.type === 'suite') {
    task.tasks = task.tasks.filter((inner) => keep(inner, broken));
    return task.tasks.length > 0;
  }
  (task as RunnerTestCase).fails = true;
  return broken.test(task.name);
}
