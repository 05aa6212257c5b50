// What the user was told.
import * as z from "zod";
import {
  listNotifications,
  type NotificationRecord,
  readNotification,
} from "../../adapters/read-models/notifications.ts";
import { answers, type EdgeApp, openAccountRoute } from "../define-route.ts";
import { pageBody, pageRequest } from "../paging.ts";
import { problem } from "../problem.ts";
import { Instant, instant, instantOrNull, Paging, pageOf } from "../schemas.ts";

const NotificationBody = z
  .object({
    id: z.string(),
    at: Instant,
    kind: z.string().openapi({ example: "TRADE" }),
    priority: z.string().openapi({ example: "NORMAL" }),
    title: z.string(),
    body: z.string(),
    readAt: Instant.nullable(),
  })
  .openapi("Notification");

const NotificationQuery = Paging.extend({ unread: z.enum(["true", "false"]).default("false") });
const NotificationParams = z.object({ id: z.string().regex(/^\d{1,15}$/, "the id of a notification") });

export function openNotifications(app: EdgeApp): void {
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/notifications",
      operationId: "listNotifications",
      tag: "Account",
      summary: "Notifications, newest first",
      scopes: ["account:read"],
      request: { query: NotificationQuery },
      responses: { 200: answers(pageOf(NotificationBody), "A page of notifications.") },
      errors: ["CURSOR_INVALID"],
    },
    async (c) => {
      const query = c.req.valid("query");
      const page = pageRequest(query, ["number", "string"]);
      if (page === null) return problem(c, "CURSOR_INVALID");
      const rows = await listNotifications(c.env.DB, c.var.accountId, query.unread === "true", page);
      return c.json(pageBody(c, rows, notificationBody), 200);
    },
  );
  openAccountRoute(
    app,
    {
      method: "post",
      path: "/v1/notifications/{id}/read",
      operationId: "readNotification",
      tag: "Account",
      summary: "Mark a notification as read",
      scopes: ["account:read"],
      request: { params: NotificationParams },
      responses: { 200: answers(NotificationBody, "Read; the first reading counts.") },
      errors: ["NOTIFICATION_NOT_FOUND"],
    },
    async (c) => {
      const sequence = Number(c.req.valid("param").id);
      const row = await readNotification(c.env.DB, c.var.accountId, sequence, Date.now());
      return row === null ? problem(c, "NOTIFICATION_NOT_FOUND") : c.json(notificationBody(row), 200);
    },
  );
}

const notificationBody = (row: NotificationRecord): z.infer<typeof NotificationBody> => ({
  id: String(row.sequence),
  at: instant(row.atMs),
  kind: row.kind,
  priority: row.priority,
  title: row.title,
  body: row.body,
  readAt: instantOrNull(row.readAtMs),
});
