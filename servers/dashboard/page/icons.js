import { html } from "portside/page/html.js";

/** Drawn on 20 by 20, in strokes. */
const shapes = {
  back: "M12 4l-6 6 6 6",
  close: "M5 5l10 10M15 5L5 15",
  copy: "M7 7h8v9H7zM5 13H4V4h8v1",
  done: "M4 10.500l4 4 8-9",
  download: "M10 4v9m-4-4l4 4 4-4M4 16h12",
  file: "M6 3h6l3 3v11H6zM12 3v3h3",
  folder: "M3 5h5l2 2h7v9H3z",
  "folder-new": "M3 5h5l2 2h7v9H3zM10 9.500v4m-2-2h4",
  help: "M7.500 8a2.500 2.500 0 1 1 3.700 2.200c-.8.4-1.200.9-1.200 1.800M10 14.800v.1",
  inbox: "M3 11l2.500-6h9L17 11v4.500H3zM3 11h4l1 2h4l1-2h4",
  mail: "M3 5h14v10H3zM3 5.500l7 5.500 7-5.500",
  paperclip:
    "M14.500 9.500l-5 5a3 3 0 0 1-4.300-4.300l5.500-5.500a2 2 0 0 1 2.900 2.900l-5.300 5.300a1 1 0 0 1-1.500-1.400l4.700-4.700",
  pause: "M7 5v10M13 5v10",
  pencil: "M4 16l1-4 8-8 3 3-8 8zM11.500 5.500l3 3",
  person: "M10 4a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM4 16.500c.8-3 3-4 6-4s5.200 1 6 4",
  phone: "M7 3h6v14H7zM9.500 14.500h1",
  play: "M7 5l8 5-8 5z",
  search: "M9 4a5 5 0 1 1 0 10A5 5 0 0 1 9 4zM13 13l4 4",
  screen: "M3 4h14v9H3zM8 16h4M10 13v3",
  tablet: "M5 3h10v14H5zM9 14.500h2",
  tag: "M3 4h6l8 7-6 6-8-8zM6.500 7.500v.1",
  trash: "M4 6h12M8 6V4h4v2M6 6l.7 10h6.600L14 6M8.700 9v4.500m2.600-4.500v4.500",
  upload: "M10 13V4M6 8l4-4 4 4M4 16h12",
  activity: "M3 10h3l2-5 4 10 2-5h3",
  link: "M8.500 11.500l3-3M9 6l1.500-1.500a3 3 0 0 1 4.500 4.500L13.500 10.500M11 14l-1.500 1.500A3 3 0 0 1 5 11l1.500-1.500",
  unread: "M3 8l7-4 7 4v8H3zM3 8.500l7 4.500 7-4.500",
};

/** @param {{ name: keyof typeof shapes }} props */
export const Icon = ({ name }) => html`
  <svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d=${shapes[name]} /></svg>
`;
