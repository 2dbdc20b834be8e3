-- readable: a value with its unit, as a person writes it.
-- function: readable(value, unit)
case
    when value is null then 'no value'
    when unit = 'seconds' and abs(value) < 1 then printf('%.4g ms', value * 1000)
    when unit = 'seconds' then printf('%.4g s', value)
    when unit = 'ratio' then printf('%.4g %%', value * 100)
    when unit = 'bytes' and abs(value) >= 1073741824 then printf('%.4g GiB', value / 1073741824)
    when unit = 'bytes' then printf('%.4g MiB', value / 1048576)
    when unit = 'boolean' then case when value = 0 then 'no' else 'yes' end
    when unit = 'count' then printf('%.6g', value)
    else printf('%.4g', value) || ' ' || replace(unit, '_', ' ')
end
