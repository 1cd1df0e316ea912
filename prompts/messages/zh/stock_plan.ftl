stock-plan-title = 再订货点与订货量
stock-plan-example = 香蕉的再订货点，现有 120 件
stock-plan-point = 在 { $span }的交货期内，{ $product } 预计平均售出 { $demand } 件；服务水平为 { $service }% 时，再订货点为 { $point } 件，其中安全库存 { $safety } 件。
stock-plan-assumed = 未指定的交货期或服务水平采用默认值。
stock-plan-order = 现有库存 { $stock } 件，现在应订货 { $units } 件。
stock-plan-enough = 现有库存 { $stock } 件，暂时无需订货。
