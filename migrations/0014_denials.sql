ALTER TABLE `order_lists` ADD `denial` text;
ALTER TABLE `orders` ADD `denial` text;