find-products-title = products by their words
find-products-example = find cheese
find-products-found = { $count ->
    [one] { $count } product has
   *[other] { $count } products have
 } the words { $words }: { $products }.
find-products-table = { $count ->
    [one] { $count } product has
   *[other] { $count } products have
 } the words { $words }
find-products-none = no product has the words { $words }
