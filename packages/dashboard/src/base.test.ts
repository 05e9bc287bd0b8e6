import { expect, it } from 'vitest';
import { basePath, serverAddress, socketAddress } from './base.js';

const root = { baseURI: 'https://pbx.example.com/' };
const prefixed = { baseURI: 'http://pbx.example.com:8080/rapida/' };

it('finds where the application begins in the base of the page', () => {
  expect([basePath(root), basePath(prefixed)]).toEqual(['/', '/rapida/']);
});

it('asks the server below its prefix', () => {
  expect(serverAddress('/v1/calls', root)).toBe('https://pbx.example.com/v1/calls');
  expect(serverAddress('v1/calls', prefixed)).toBe('http://pbx.example.com:8080/rapida/v1/calls');
});

it('opens sockets where pages come from, as safe as they do', () => {
  expect(socketAddress('/v1/x', root)).toBe('wss://pbx.example.com/v1/x');
  expect(socketAddress('/v1/x', prefixed)).toBe('ws://pbx.example.com:8080/rapida/v1/x');
});
