import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect } from 'react';
import { useScrollMargin } from './scroll-margin.js';
import { type Column, cellClass, TableHead } from './table.js';

interface VirtualTableProps<T> {
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  /** Asked for more when the end comes near. */
  readonly onEnd?: () => void;
  /** Of every row: they are as high as this whatever is in them. */
  readonly rowPx?: number;
}

const ROW_PX = 40;
/** Rows beyond what is seen, so that scrolling shows no gap. */
const OVERSCAN = 12;

/** A table of thousands, of which only the rows that are seen are in the page. The page itself scrolls. */
export function VirtualTable<T>({ caption, columns, items, keyOf, onEnd, rowPx = ROW_PX }: VirtualTableProps<T>) {
  const { list: body, scrollMargin } = useScrollMargin<HTMLDivElement>();
  const virtualizer = useWindowVirtualizer({
    ...{ count: items.length, overscan: OVERSCAN, scrollMargin },
    estimateSize: () => rowPx,
    getItemKey: (index) => keyOf(items[index] as T),
  });
  const rows = virtualizer.getVirtualItems();
  const lastIndex = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (onEnd !== undefined && lastIndex >= items.length - 1 - OVERSCAN) onEnd();
  }, [lastIndex, items.length, onEnd]);
  const above = (rows[0]?.start ?? scrollMargin) - scrollMargin;
  const below = virtualizer.getTotalSize() + scrollMargin - (rows.at(-1)?.end ?? scrollMargin);
  return (
    <div ref={body} className="overflow-x-clip rounded-lg border border-line bg-surface">
      <table className="w-full table-fixed border-collapse" aria-rowcount={items.length + 1}>
        <caption className="sr-only">{caption}</caption>
        <TableHead columns={columns} />
        <tbody>
          <Gap px={above} columns={columns.length} />
          {rows.map(({ index, key }) => (
            <Row key={key} index={index} item={items[index] as T} columns={columns} rowPx={rowPx} />
          ))}
          <Gap px={below} columns={columns.length} />
        </tbody>
      </table>
    </div>
  );
}

interface RowProps<T> {
  readonly index: number;
  readonly item: T;
  readonly columns: readonly Column<T>[];
  readonly rowPx: number;
}

function RowOf<T>({ index, item, columns, rowPx }: RowProps<T>) {
  return (
    // The head of the table is the first row.
    <tr aria-rowindex={index + 2} className="border-t border-line hover:bg-sunken" style={{ height: rowPx }}>
      {columns.map((column) => (
        <td key={column.title} className={`${cellClass(column)} truncate`}>
          {column.cell(item)}
        </td>
      ))}
    </tr>
  );
}

/** While the page scrolls, only the rows that come into it are rendered. */
const Row = memo(RowOf) as typeof RowOf;

/** In the place of the rows that are not in the page. */
function Gap({ px, columns }: { readonly px: number; readonly columns: number }) {
  if (px <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it can be focused
    <tr aria-hidden="true">
      <td colSpan={columns} className="p-0" style={{ height: px }} />
    </tr>
  );
}
