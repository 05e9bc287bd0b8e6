import type { CallRecord, CallStore } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database/database.js';
import { callsOf } from '../database/databases.test.helper.js';
import { openEmbedded } from '../database/embedded.js';
import { watchPlans } from '../database/plans.test.helper.js';

let database: Database;
let calls: CallStore;
let plan: ReturnType<typeof watchPlans>['plan'];
beforeEach(async () => {
  database = await openEmbedded({ file: ':memory:', clock: new VirtualClock() });
  const watched = watchPlans(database);
  calls = callsOf(watched.database);
  plan = watched.plan;
});
afterEach(() => database.close());

const aCall: CallRecord = {
  ...{ id: '1', projectId: '1', assistantId: '2', contextId: 'c', direction: 'inbound', state: 'registered' },
  ...{ from: '+1', to: null, channelId: null, metadata: {}, args: {}, outbound: null, transport: null, format: null },
  ...{ createdAtMs: 1, connectedAtMs: null, endedAtMs: null, disconnectedBy: null, reason: null, directive: null },
  ...{ recording: null, nodeId: 'a', resumes: 0, assistantVersion: null, overrides: null, analysis: null },
};

describe('the calls that are asked for on the loop that carries the sound', () => {
  const some = ['1', '2', '3'];
  it.each([
    { projectIds: [], assistantIds: [] },
    { projectIds: some, assistantIds: [] },
    { projectIds: [], assistantIds: some },
    { projectIds: some, assistantIds: some },
  ])('finds what is due in the order of an index, passing over %o', async (passOver) => {
    await calls.due(5, 200, passOver);
    expect(await plan()).toEqual(['SEARCH calls USING INDEX calls_by_state_not_before (state=? AND not_before_ms<?)']);
  });

  it('counts the queued in an index alone', async () => {
    await calls.queued('1');
    expect(await plan()).toEqual([
      'SEARCH calls USING COVERING INDEX calls_by_project_state_created_id (project_id=? AND state=?)',
    ]);
  });

  it('does not look through the queue of all projects for a list of one', async () => {
    await calls.list('1', { state: 'queued' }, 10, null);
    expect((await plan()).join()).toContain('INDEX calls_by_project_state_created_id (project_id=? AND state=?)');
  });

  it('does not look through all calls of a project for those to one number', async () => {
    await calls.list('1', { to: '+1', direction: 'outbound' }, 10, null);
    expect((await plan()).join()).toContain('INDEX calls_by_project_to_created_id (project_id=? AND to_number=?)');
  });

  it('finds the calls that have not ended in the index that has them by state', async () => {
    await calls.list('1', { live: true }, 10, null);
    expect((await plan()).join()).toContain('INDEX calls_by_project_state_created_id (project_id=? AND state=?)');
  });

  it('does not look through the queue for what this node left unfinished', async () => {
    await calls.unfinished('a');
    expect((await plan()).join()).toContain('INDEX calls_by_node_state (node_id=? AND state=?)');
  });

  it('finds what is to be analysed in an index that holds nothing else', async () => {
    await calls.unanalysed('a', 10);
    expect((await plan()).join()).toContain('INDEX calls_by_node_unanalysed (node_id=?)');
  });

  it('finds old answers in an index', async () => {
    await calls.forgetAnswers(5);
    expect((await plan()).join()).toContain('INDEX idempotency_answers_by_at (at_ms<?)');
  });

  it('asks one index who wants an event, before it is known that nobody does', async () => {
    await calls.create(aCall);
    await calls.appendEvent(aCall.id, { type: 'x', atMs: 0, data: {} });
    expect(await plan()).toEqual(['SEARCH webhooks USING INDEX webhooks_by_project_created (project_id=?)']);
  });
});
