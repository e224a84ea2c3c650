-- T02_USD, net trade in the recyclable waste and scrap of our list, United States dollars:
-- net = X - M with all the world; breakdowns EXP and IMP. Derived from UN Comtrade (int_trade_net, methodology 3.10).
-- Where the list was not collected whole there is no value; a figure made of one row of the provider is not for
-- publication.
{{ net_trade('t02_usd', 'usd', 'primaryValue', 'USD') }}
