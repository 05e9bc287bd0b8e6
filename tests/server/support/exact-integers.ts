import Long from 'long';

/**
 * protobufjs takes `long` from here, or by `require`: with the export conditions of these tests the latter gives a module that
 * it does not recognise, and ids would lose their last digits.
 */
Object.assign(globalThis, { Long });
