create table greeting (words varchar(20) not null);
insert into greeting values ('hello');
