import type { VendorParts } from '../vendor.js';
import { createVendorHttp, VENDOR_TIMEOUTS, type VendorHttp } from '../wire/vendor-http.js';

/** A resource of Azure OpenAI. People also copy its address with the path of the API. */
export function serverOf(parts: VendorParts<'azure-openai'>): VendorHttp {
  const { clock, logger, credential, timeouts } = parts;
  return createVendorHttp({
    ...{ clock, logger, apiKey: credential.apiKey },
    baseUrl: credential.endpoint.replace(/\/+$/, '').replace(/\/openai(\/v1)?$/, ''),
    authorise: (headers) => headers.set('api-key', credential.apiKey.reveal()),
    fetch: parts.fetch ?? fetch,
    timeouts: { ...VENDOR_TIMEOUTS, ...timeouts },
  });
}

/**
 * Without a version it is the API that has none any more (`/openai/v1`), with one the older, where the deployment is in the
 * path: https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle.
 */
export function pathOf(deployment: string, apiVersion: string | undefined): string {
  if (apiVersion === undefined) return '/openai/v1/chat/completions';
  return `/openai/deployments/${encodeURIComponent(deployment)}/chat/completions?api-version=${apiVersion}`;
}

export function modelsPathOf(apiVersion: string | undefined): string {
  return apiVersion === undefined ? '/openai/v1/models' : `/openai/models?api-version=${apiVersion}`;
}
