type Bytes = Uint8Array<ArrayBuffer>;

/** The same bytes; tells, once, when no more come: they are over, the connection broke, or nobody wants them any more. */
export function untilItEnds(body: ReadableStream<Bytes>, onEnd: () => void): ReadableStream<Bytes> {
  const reader = body.getReader();
  return new ReadableStream<Bytes>(
    {
      async pull(controller) {
        const next = await reader.read().catch((error: unknown) => {
          onEnd();
          throw error;
        });
        if (!next.done) return controller.enqueue(next.value);
        onEnd();
        controller.close();
      },
      cancel(reason) {
        onEnd();
        return reader.cancel(reason);
      },
    },
    // Nothing is read ahead: whoever reads slowly holds the server back.
    { highWaterMark: 0 },
  );
}
