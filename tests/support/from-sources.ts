/** For vitest: tests run from the TypeScript sources, to which the condition `rapida-source` of each package's exports points. */
export const FROM_SOURCES = {
  resolve: { conditions: ['rapida-source'] },
  // Neither `import` nor `default`: Node adds what fits, and would give ES modules to what was asked for with `require`.
  ssr: { resolve: { conditions: ['rapida-source', 'node'] } },
};
