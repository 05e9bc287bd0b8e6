import { callPlacesConformance } from '@rapida/core/conformance';
import { VirtualClock } from '@rapida/core/testing';
import { createMemoryCallPlaces } from './memory.js';

callPlacesConformance('in memory', async () => {
  const clock = new VirtualClock();
  return { here: createMemoryCallPlaces(clock), advance: (ms) => clock.advance(ms), async close() {} };
});
