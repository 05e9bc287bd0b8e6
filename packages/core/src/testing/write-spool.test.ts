import { writeSpoolConformance } from '../conformance/write-spool.js';
import { MemorySpool } from './write-spool.js';

writeSpoolConformance('the spool of tests', async () => {
  const spool = new MemorySpool();
  const reopened = async () => {
    await spool.close();
    return new MemorySpool(spool.writes);
  };
  return { spool, reopened, remove: () => spool.close() };
});
