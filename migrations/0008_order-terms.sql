ALTER TABLE `orders` ADD `trigger_price_paise` integer;
ALTER TABLE `orders` ADD `product` text;
ALTER TABLE `orders` ADD `list_id` text;
ALTER TABLE `orders` ADD `leg_index` integer;
ALTER TABLE `orders` ADD `release_at_ms` integer;
ALTER TABLE `orders` ADD `algo_id` text;