import type { ApiInstance } from './api-instance.js';

const FORM = 'application/x-www-form-urlencoded';

/** Of the body of a route that reads forms, for its documentation. */
export const JSON_OR_FORM = ['application/json', FORM];

/**
 * Lets the routes of `api` read forms, which is what CURL() of Asterisk posts: each field a text, one that is given twice
 * with its last value.
 */
export function readForms(api: ApiInstance): void {
  api.addContentTypeParser(FORM, { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(body))));
  });
}
