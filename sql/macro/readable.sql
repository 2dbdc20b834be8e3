-- readable: a value with its unit, as a person writes it: four digits, in the multiple of the unit that needs no exponent.
-- function: readable(value, unit)
case
    when value is null then 'no value'
    when unit = 'boolean' then case when value = 0 then 'no' else 'yes' end
    when unit = 'unix_seconds' and value between 0 and 1e11
        then strftime(make_timestamp((value * 1e6)::bigint), '%Y-%m-%d %H:%M:%S UTC')
    when unit = 'seconds' and abs(value) >= 10000 then format('{:,.0f} s', value)
    when unit = 'seconds' and abs(value) >= 1 then printf('%.4g s', value)
    when unit = 'seconds' and (abs(value) >= 1e-3 or value = 0) then printf('%.4g ms', value * 1e3)
    when unit = 'seconds' then printf('%.4g µs', value * 1e6)
    when unit = 'ratio' and abs(value) >= 100 then format('{:,.0f} %', value * 100)
    when unit = 'ratio' then printf('%.4g %%', value * 100)
    when unit = 'bytes' and abs(value) >= 1073741824 then printf('%.4g GiB', value / 1073741824)
    when unit = 'bytes' and (abs(value) >= 1048576 or value = 0) then printf('%.4g MiB', value / 1048576)
    when unit = 'bytes' then printf('%.4g KiB', value / 1024)
    when unit = 'bytes_per_second' and abs(value) >= 1048576 then printf('%.4g MiB/s', value / 1048576)
    when unit = 'bytes_per_second' then printf('%.4g KiB/s', value / 1024)
    when unit = 'bits_per_second' and abs(value) >= 1e9 then printf('%.4g Gbit/s', value / 1e9)
    when unit = 'bits_per_second' and abs(value) >= 1e6 then printf('%.4g Mbit/s', value / 1e6)
    when unit = 'bits_per_second' then printf('%.4g kbit/s', value / 1e3)
    when unit = 'count' and abs(value) >= 10000 then format('{:,.0f}', value)
    when unit = 'count' then printf('%.6g', value)
    when abs(value) >= 10000 then format('{:,.0f}', value) || ' ' || replace(unit, '_', ' ')
    else printf('%.4g', value) || ' ' || replace(unit, '_', ' ')
end
