import { lookup } from "mrmime";

/** The media type of a file by its name, with the charset that text on this day and age is in. */
export function contentType(name: string): string {
  const type = lookup(name) ?? "application/octet-stream";
  return isText(type) ? `${type}; charset=utf-8` : type;
}

/** Whether a type gains by gzip or br: text in some form, and the few binary ones that are not packed already. */
export function isCompressible(type: string): boolean {
  return (
    isText(type) ||
    /^(?:image\/(?:svg\+xml|bmp|x-icon|vnd\.microsoft\.icon)|application\/wasm|font\/(?:ttf|otf))/.test(type)
  );
}

function isText(type: string): boolean {
  return /^(?:text\/|application\/(?:json|javascript|xml|manifest\+json|ld\+json|xhtml\+xml)|image\/svg\+xml)/.test(
    type,
  );
}
