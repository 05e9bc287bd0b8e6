import type { ComponentProps } from 'react';
import { Link, type LinkProps } from 'react-router';
import { classNames } from './class-names.js';

export type ButtonLook = 'primary' | 'plain' | 'quiet' | 'danger';

const LOOKS: Readonly<Record<ButtonLook, string>> = {
  primary: 'border-accent bg-accent text-on-accent hover:opacity-90',
  plain: 'border-line-strong bg-surface text-text hover:bg-sunken',
  quiet: 'border-transparent text-text hover:bg-sunken',
  danger: 'border-bad bg-surface text-bad hover:bg-bad-soft',
};

/** At least 32 px high, which fingers hit. */
export function buttonClass(look: ButtonLook = 'plain', more?: string): string {
  return classNames(
    'inline-flex min-h-8 items-center justify-center gap-1.5 rounded-md border px-3 py-1 font-medium whitespace-nowrap',
    'disabled:cursor-not-allowed disabled:opacity-55',
    LOOKS[look],
    more,
  );
}

interface Look {
  readonly look?: ButtonLook;
}

export function Button({ look, className, type = 'button', ...rest }: ComponentProps<'button'> & Look) {
  return <button type={type} className={buttonClass(look, className)} {...rest} />;
}

/** Leads somewhere, and looks like a button. */
export function ButtonLink({ look, className, ...rest }: LinkProps & Look) {
  return <Link className={buttonClass(look, className)} {...rest} />;
}
