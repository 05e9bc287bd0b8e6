import Long from 'long';

/**
 * protobufjs, which foreign clients read messages with, takes `long` from here or by `require`. With the export conditions
 * of these tests the latter gives a module that it does not recognise, and it would make do with numbers.
 */
Object.assign(globalThis, { Long });
