-- instance_host: host of an instance label: "node", "10.0.0.1:9100" and "[fd00::1]:9100" lose their port.
-- function: instance_host(instance)
case
    when instance like '[%' then regexp_extract(instance, '^\[([^\]]+)\]', 1)
    else nullif(regexp_replace(instance, '^([^:]+):\d+$', '\1'), '')
end
