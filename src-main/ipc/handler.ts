import type { AnswerBody, RequestBody, RequestName } from '../../src-shared/ipc/contract.ts';

/** Answers one kind of request. What it throws reaches the page as a typed error. */
export type Handler<Name extends RequestName> = (
  body: RequestBody<Name>,
) => AnswerBody<Name> | Promise<AnswerBody<Name>>;

/** One handler for every request of the contract; a missing one is a type error. */
export type Handlers = { readonly [Name in RequestName]: Handler<Name> };
