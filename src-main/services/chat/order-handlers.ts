// The channels of order among conversations.
import type { Contract } from '#contract/index.ts';
import type { Handlers } from '#rpc/define.ts';
import type { AppDatabase } from '../../database/app-database.ts';
import type { OrderService } from './order-service.ts';

type OrderChannels = Extract<keyof Handlers<Contract>, `order.${string}`>;

interface OrderServices {
  order: OrderService;
  database: AppDatabase;
}

export function orderHandlers(services: () => OrderServices): Pick<Handlers<Contract>, OrderChannels> {
  const order = (): OrderService => services().order;
  return {
    'order.watch': (_, signal) => order().shelves.watch(signal),
    'order.pin': ({ ids, pinned }) => order().pin(ids, pinned),
    'order.archive': ({ ids, archived }) => order().archive(ids, archived),
    'order.move': ({ ids, folderId }) => order().move(ids, folderId),
    'order.tag': ({ ids, add, remove }) => order().tag(ids, add, remove),
    'order.createFolder': ({ name }) => order().createFolder(name),
    'order.renameFolder': ({ id, name }) => order().renameFolder(id, name),
    'order.removeFolder': ({ id }) => order().removeFolder(id),
    'order.renameTag': ({ from, to }) => order().renameTag(from, to),
    'order.removeTag': ({ name }) => order().removeTag(name),
    'order.delete': ({ ids }) => order().delete(ids),
    'order.restore': ({ ids }) => order().restore(ids),
    'order.bin': (range) => services().database.bin.list(range),
    'order.deleteForEver': ({ ids }) => order().deleteForEver(ids),
    'order.emptyBin': () => order().emptyBin(),
    'order.keep': ({ id }) => order().keep(id),
  };
}
