import type { ReactNode } from 'react';
import { classNames } from './class-names.js';

export interface Column<T> {
  readonly title: string;
  readonly cell: (item: T) => ReactNode;
  /** Left out where the page is narrow. */
  readonly wideOnly?: true;
  readonly className?: string;
}

export const CELL = 'px-2 py-1.5 text-left align-middle';

export function cellClass<T>({ wideOnly, className }: Column<T>): string {
  return classNames(CELL, wideOnly === true && 'hidden md:table-cell', className);
}

interface TableProps<T> {
  /** For whoever hears the table announced. */
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
}

/** A list of a size that needs no virtualising. */
export function Table<T>({ caption, columns, items, keyOf }: TableProps<T>) {
  return (
    <div className="overflow-x-auto rounded-lg border border-line bg-surface">
      <table className="w-full border-collapse">
        <caption className="sr-only">{caption}</caption>
        <TableHead columns={columns} />
        <tbody>
          {items.map((item) => (
            <tr key={keyOf(item)} className="border-t border-line hover:bg-sunken">
              {columns.map((column) => (
                <td key={column.title} className={cellClass(column)}>
                  {column.cell(item)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function TableHead<T>({ columns }: { readonly columns: readonly Column<T>[] }) {
  return (
    <thead className="bg-sunken text-xs text-muted">
      <tr>
        {columns.map((column) => (
          <th key={column.title} scope="col" className={classNames(cellClass(column), 'font-medium')}>
            {column.title}
          </th>
        ))}
      </tr>
    </thead>
  );
}
